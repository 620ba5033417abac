using Cache.Core.AspNetCore.Validating;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cache.Core.AspNetCore;

/// <summary>Which GETs and HEADs are not the cache's.</summary>
internal static class BypassRule
{
    /// <summary>Origins that heed these take the request for another method, which the cache would not see.</summary>
    private static readonly string[] MethodOverrides = ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"];

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

        return null;
    }
}
