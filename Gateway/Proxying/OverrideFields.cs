using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Gateway.Proxying;

/// <summary>
/// Fields by which applications let a proxy tell them their own address. From a client they would have an origin answer for another host,
/// scheme or path than the one the answer is stored under (unkeyed fields), so none goes through. The proxy sets <c>X-Forwarded-For</c>,
/// <c>-Host</c>, <c>-Proto</c> and <c>-Prefix</c> itself.
/// </summary>
internal static class OverrideFields
{
    private static readonly string[] Names =
    [
        "Forwarded", "Front-End-Https", "X-Forwarded-Path", "X-Forwarded-Port", "X-Forwarded-Protocol", "X-Forwarded-Scheme", "X-Forwarded-Server", "X-Forwarded-Ssl",
        "X-Host", "X-HTTP-Host-Override", "X-Original-Host", "X-Original-URL", "X-Rewrite-URL", "X-Url-Scheme",
    ];

    public static void AddOverrideFields(this TransformBuilderContext context) => context.AddRequestTransform(static request =>
    {
        foreach (var name in Names)
            request.ProxyRequest.Headers.Remove(name);
        return ValueTask.CompletedTask;
    });
}
