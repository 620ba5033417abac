using System.Text;
using Gateway.Configuration;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Gateway.Proxying;

/// <summary>YARP, with its routes and clusters from configuration or one origin for all.</summary>
internal static class ProxyExtensions
{
    public static void AddProxy(this WebApplicationBuilder builder, GatewaySettings settings)
    {
        var proxy = builder.Services.AddReverseProxy();
        if (settings.Origin is { } origin)
            proxy.LoadFromMemory([new RouteConfig { RouteId = "origin", ClusterId = "origin", Match = new RouteMatch { Path = "{**path}" } }], [Cluster(origin)]);
        else
            proxy.LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"));
        proxy.AddTransforms(static context => context.AddConnectionFields());
        builder.WebHost.ConfigureKestrel(static server =>
        {
            server.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
            server.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        });
        builder.Services.AddSingleton<IForwarderHttpClientFactory, OriginClientFactory>();
    }

    /// <summary>Whether the request goes to an origin; the gateway's own endpoints are not cached.</summary>
    public static bool IsProxied(this HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>() is not null;

    private static ClusterConfig Cluster(Uri origin) => new()
    {
        ClusterId = "origin",
        Destinations = new Dictionary<string, DestinationConfig>(StringComparer.Ordinal) { ["origin"] = new() { Address = origin.AbsoluteUri } },
    };
}
