using System.Collections.ObjectModel;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

namespace Gateway.Balancing;

/// <summary>
/// What clusters are unless their configuration says otherwise: the destination with the fewest requests is taken, one that fails is left
/// out for a while, also when it is asked for its health and says once that it is not well, and when all are, all are tried.
/// </summary>
internal sealed class BalancingDefaults : IProxyConfigFilter
{
    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) => ValueTask.FromResult(route);

    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel)
    {
        var health = cluster.HealthCheck ?? new HealthCheckConfig();
        var passive = health.Passive ?? new PassiveHealthCheckConfig();
        var metadata = new Dictionary<string, string>(cluster.Metadata ?? ReadOnlyDictionary<string, string>.Empty, StringComparer.Ordinal);

        // A destination that drains says so once, and may have stopped to listen before it is asked a second time.
        metadata.TryAdd(ConsecutiveFailuresHealthPolicyOptions.ThresholdMetadataName, "1");
        return ValueTask.FromResult(cluster with
        {
            Metadata = metadata,
            LoadBalancingPolicy = cluster.LoadBalancingPolicy ?? LoadBalancingPolicies.LeastRequests,
            HealthCheck = health with
            {
                AvailableDestinationsPolicy = health.AvailableDestinationsPolicy ?? HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
                Passive = passive with { Enabled = passive.Enabled ?? true, Policy = passive.Policy ?? FirstFailurePolicy.PolicyName },
            },
        });
    }
}
