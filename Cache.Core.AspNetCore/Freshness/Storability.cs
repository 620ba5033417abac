using Cache.Core.AspNetCore.Directives;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Freshness;

/// <summary>Whether a response may be stored in a shared cache (RFC 9111, section 3), and why not.</summary>
internal static class Storability
{
    public const string NoStore = "no-store", Private = "private", Authorization = "authorization", Vary = "vary-star", Status = "status", Nothing = "no-freshness";

    /// <summary>The reason why it may not be stored; null when it may.</summary>
    /// <param name="status">The response's status.</param>
    /// <param name="headers">Its header.</param>
    /// <param name="directives">What it says about its caching.</param>
    /// <param name="isAuthorized">Whether the request had an <c>Authorization</c> that other requests need not have.</param>
    public static string? Refusal(int status, IHeaderDictionary headers, ResponseDirectives directives, bool isAuthorized)
    {
        if (status < 200 || status == StatusCodes.Status304NotModified)
            return Status;

        // A status that is understood makes must-understand outweigh no-store (section 5.2.2.3).
        if (directives.MustUnderstand ? !IsUnderstood(status) : directives.NoStore)
            return NoStore;
        if (directives.Private)
            return Private;
        if (isAuthorized && !directives.Public && !directives.MustRevalidate && !directives.HasSharedLifetime)
            return Authorization;
        if (headers.Vary.Count > 0 && Fields.FieldList.Contains(headers.Vary, "*"))
            return Vary;
        var isAllowed = directives.Public || directives.Lifetime is not null || (!directives.IsTargeted && headers.Expires.Count > 0) || FreshnessRules.IsHeuristicallyCacheable(status);
        return isAllowed ? null : Status;
    }

    private static bool IsUnderstood(int status) => status is
        200 or 203 or 204 or 206 or 300 or 301 or 302 or 303 or 307 or 308 or 400 or 401 or 403 or 404 or 405 or 410 or 414 or 451 or 500 or 501 or 502 or 503 or 504;
}
