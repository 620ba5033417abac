using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Gateway.Proxying;

/// <summary>Fields that <c>Connection</c> names end here, in both directions (RFC 9110, section 7.6.1).</summary>
internal static class ConnectionFields
{
    /// <summary>What says where a message is for and where it ends is never dropped on a client's word.</summary>
    private static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase) { "Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "TE" };

    /// <summary>First in the pipeline: routes, tenants and cache see the request that the origin will see.</summary>
    public static void UseConnectionFields(this WebApplication app) => app.Use(static (context, next) =>
    {
        var headers = context.Request.Headers;
        if (headers.Connection.Count > 0)
        {
            foreach (var name in headers.Connection.SelectMany(static line => (line ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList())
            {
                if (!Kept.Contains(name))
                    headers.Remove(name);
            }
        }

        return next(context);
    });

    public static void AddConnectionFields(this TransformBuilderContext context) => context.AddResponseTransform(static response =>
    {
        if (response.ProxyResponse is { } origin)
        {
            foreach (var name in origin.Headers.Connection)
                response.HttpContext.Response.Headers.Remove(name);
        }

        return ValueTask.CompletedTask;
    });
}
