using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TenantPlatform.FaultProxy.Links;

/// <summary>Ready: every link listens that should. A fault is no illness of the proxy, nor is a target that is away.</summary>
internal sealed class LinkHealth(LinkTable links) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var deaf = links.All.Where(link => !link.IsSound).Select(link => link.Name).ToArray();
        return Task.FromResult(deaf.Length == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"Not listening: {string.Join(", ", deaf)}."));
    }
}
