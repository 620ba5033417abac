using Cache.Core.AspNetCore.Fields;
using Cache.Core.AspNetCore.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Cache.Core.AspNetCore.Validating;

/// <summary>A request's conditions, as far as a cache evaluates them (RFC 9111, section 4.3.2).</summary>
internal static class Preconditions
{
    /// <summary>Whether there are conditions that are the origin's alone to evaluate.</summary>
    public static bool AreForOrigin(IHeaderDictionary request) => request.IfMatch.Count > 0 || request.IfUnmodifiedSince.Count > 0;

    /// <summary>Whether the requester has what is stored, so that 304 is the answer.</summary>
    public static bool IsNotModified(IHeaderDictionary request, StoredResponse stored)
    {
        if (stored.Status is not (StatusCodes.Status200OK or StatusCodes.Status206PartialContent))
            return false;
        if (request.IfNoneMatch.Count > 0)
            return EntityTag.IsIn(request.IfNoneMatch, stored.EntityTag);
        return request.IfModifiedSince.Count > 0
            && HttpDate.Parse(request.IfModifiedSince) is { } since
            && (stored.LastModified ?? HttpDate.Parse(stored.Find(HeaderNames.Date)) ?? stored.ResponseTime) <= since;
    }

    /// <summary>Whether a range may be served of what is stored (RFC 9110, section 13.1.5).</summary>
    public static bool TakesRangeOf(IHeaderDictionary request, StoredResponse stored)
    {
        if (request.IfRange.Count == 0)
            return true;
        var condition = request.IfRange.ToString();
        return condition.StartsWith('"') || condition.StartsWith("W/", StringComparison.Ordinal)
            ? EntityTag.AreSame(condition, stored.EntityTag)
            : HttpDate.Parse(request.IfRange) is { } date && stored.LastModified == date;
    }
}
