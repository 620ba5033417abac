using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TenantPlatform.Servers;

/// <summary>Asks a cluster's nodes whether every slot is served.</summary>
internal sealed class ValkeyClusterHealthCheck(ValkeyClusterResource cluster) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var seeing = 0;
        foreach (var node in cluster.Nodes)
        {
            try
            {
                if (node.PrimaryEndpoint.IsAllocated && await ValkeyNode.SeesAllAsync(node, cluster.Nodes.Count, cancellationToken))
                    seeing++;
            }
            catch (Exception exception) when (exception is IOException or SocketException or InvalidOperationException)
            {
                // A node that is away: the others tell whether its slots are served.
            }
        }

        var text = $"{seeing} of {cluster.Nodes.Count} nodes see every slot served.";
        return seeing == cluster.Nodes.Count ? HealthCheckResult.Healthy(text)
            : seeing > 0 ? HealthCheckResult.Degraded(text)
            : HealthCheckResult.Unhealthy(text);
    }
}
