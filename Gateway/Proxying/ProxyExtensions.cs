using System.Text;
using Cache.Core.AspNetCore;
using Gateway.Balancing;
using Gateway.Configuration;
using TenantManager.Client;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Gateway.Proxying;

/// <summary>YARP, with its routes and clusters from configuration or one origin for all.</summary>
internal static class ProxyExtensions
{
    private const string OneRoute = "origin";

    public static void AddProxy(this WebApplicationBuilder builder, GatewaySettings settings)
    {
        var proxy = builder.Services.AddReverseProxy();
        if (settings.Origin is { } origin)
            proxy.LoadFromMemory([Route(settings)], [Cluster(origin)]);
        else
            proxy.LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"));
        builder.Services.AddSingleton(settings);
        proxy.AddConfigFilter<RoutePolicyFilter>();
        proxy.AddConfigFilter<BalancingDefaults>();
        builder.Services.AddSingleton<IPassiveHealthCheckPolicy, FirstFailurePolicy>();
        proxy.AddTransforms(static context =>
        {
            context.AddConnectionFields();
            context.AddOverrideFields();
            context.AddEncodedSlashes();
            context.AddLocationFields();
        });
        builder.WebHost.ConfigureKestrel(static server =>
        {
            server.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
            server.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        });
        builder.WebHost.UseSockets(static sockets =>
        {
            // Nothing on a request's way blocks: it is handled where its bytes are received, and one read less brings them.
            sockets.UnsafePreferInlineScheduling = true;
            sockets.WaitForDataBeforeAllocatingBuffer = false;
        });
        builder.Services.AddSingleton<IForwarderHttpClientFactory, OriginClientFactory>();
    }

    /// <summary>Maps the routes, each with its policy.</summary>
    public static void MapProxy(this WebApplication app, GatewaySettings settings)
    {
        var routes = app.MapReverseProxy(static proxy =>
        {
            proxy.UseMiddleware<RetryMiddleware>();
            proxy.UseSessionAffinity();
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        routes.ConfigureEndpoints((endpoint, route) =>
        {
            endpoint.WithHttpCache(RoutePolicy.Of(route, settings.HasTenants));
            if (RoutePolicy.AdmitsTenants(route, settings.HasTenants))
                endpoint.RequireTenant();
        });
    }

    /// <summary>Where a route's metadata are set.</summary>
    public static string MetadataOf(string route) => route == OneRoute ? "Gateway:Metadata" : $"ReverseProxy:Routes:{route}:Metadata";

    /// <summary>Whether the request goes to an origin; the gateway's own endpoints are not cached.</summary>
    public static bool IsProxied(this HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>() is not null;

    private static RouteConfig Route(GatewaySettings settings) => new()
    {
        RouteId = OneRoute,
        ClusterId = OneRoute,
        Match = new RouteMatch { Path = "{**path}" },
        Metadata = settings.Metadata,
    };

    private static ClusterConfig Cluster(Uri origin) => new()
    {
        ClusterId = OneRoute,
        Destinations = new Dictionary<string, DestinationConfig>(StringComparer.Ordinal) { ["origin"] = new() { Address = origin.AbsoluteUri } },
    };
}
