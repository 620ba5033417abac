using Cache.Core.AspNetCore.Fields;
using Cache.Core.AspNetCore.Validating;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cache.Core.AspNetCore;

/// <summary>Which GETs and HEADs are not the cache's.</summary>
internal static class BypassRule
{
    /// <summary>Origins that heed these take the request for another method, which the cache would not see.</summary>
    private static readonly string[] MethodOverrides = ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"];

    /// <summary>And these for one of another address.</summary>
    private static readonly string[] PathOverrides = ["X-Original-URL", "X-Rewrite-URL"];

    /// <summary>The reason why a request goes past the cache; null when it does not.</summary>
    public static string? Of(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } || context.WebSockets.IsWebSocketRequest)
            return "upgrade";
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
            return "body";
        if (Preconditions.AreForOrigin(headers))
            return "precondition";
        foreach (var name in MethodOverrides)
        {
            if (headers.ContainsKey(name))
                return "method-override";
        }

        foreach (var name in PathOverrides)
        {
            if (headers.ContainsKey(name))
                return "path-override";
        }

        return headers.Connection.Count > 0 && DropsFields(headers) ? "connection" : null;
    }

    /// <summary>Whether <c>Connection</c> names a field that is sent: who follows the cache may drop it, and answer another request than the cache has seen.</summary>
    private static bool DropsFields(IHeaderDictionary headers)
    {
        foreach (var name in FieldList.Members(headers.Connection))
        {
            if (headers.ContainsKey(name) && !name.Equals("Keep-Alive", StringComparison.OrdinalIgnoreCase) && !name.Equals("TE", StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
