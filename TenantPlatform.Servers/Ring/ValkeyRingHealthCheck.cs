using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TenantPlatform.Servers;

/// <summary>Asks a ring's nodes whether they answer: it serves as long as one does.</summary>
internal sealed class ValkeyRingHealthCheck(ValkeyRingResource ring) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var answers = await Task.WhenAll(ring.Nodes.Select(node => new ValkeyHealthCheck(node).CheckHealthAsync(context, cancellationToken)));
        var answering = answers.Count(answer => answer.Status == HealthStatus.Healthy);
        var text = $"{answering} of {ring.Nodes.Count} nodes answer.";
        return answering == ring.Nodes.Count ? HealthCheckResult.Healthy(text)
            : answering > 0 ? HealthCheckResult.Degraded(text)
            : HealthCheckResult.Unhealthy(text);
    }
}
