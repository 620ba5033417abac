using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Gateway.Proxying;

/// <summary>Fields that <c>Connection</c> names end here, in both directions (RFC 9110, section 7.6.1).</summary>
internal static class ConnectionFields
{
    public static void AddConnectionFields(this TransformBuilderContext context)
    {
        context.AddRequestTransform(static request =>
        {
            foreach (var name in request.HttpContext.Request.Headers.Connection.SelectMany(static line => (line ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
                request.ProxyRequest.Headers.Remove(name);
            return ValueTask.CompletedTask;
        });
        context.AddResponseTransform(static response =>
        {
            if (response.ProxyResponse is { } origin)
            {
                foreach (var name in origin.Headers.Connection)
                    response.HttpContext.Response.Headers.Remove(name);
            }

            return ValueTask.CompletedTask;
        });
    }
}
