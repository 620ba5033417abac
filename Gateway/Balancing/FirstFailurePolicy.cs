using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Gateway.Balancing;

/// <summary>Leaves a destination out as soon as it gives no answer to one request, for as long as <c>ReactivationPeriod</c> says.</summary>
/// <remarks>YARP's own policy waits until a share of the requests of a minute has failed. With retries, one too many left out costs less than one too few.</remarks>
internal sealed class FirstFailurePolicy(IDestinationHealthUpdater health) : IPassiveHealthCheckPolicy
{
    public const string PolicyName = "FirstFailure";
    private static readonly TimeSpan UsualPeriod = TimeSpan.FromSeconds(5);

    public string Name => PolicyName;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        if (context.Features.Get<IForwarderErrorFeature>() is { } failure && failure.IsOfDestination())
            health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, cluster.Model.Config.HealthCheck?.Passive?.ReactivationPeriod ?? UsualPeriod);
    }
}
