using Gateway.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace Gateway.Proxying;

/// <summary>Refuses routes whose policy is wrong: at the start the process does not start, later the configuration stays what it was.</summary>
internal sealed class RoutePolicyFilter(GatewaySettings settings) : IProxyConfigFilter
{
    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) => ValueTask.FromResult(cluster);

    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel)
    {
        _ = RoutePolicy.Of(route, settings.HasTenants);
        return ValueTask.FromResult(route);
    }
}
