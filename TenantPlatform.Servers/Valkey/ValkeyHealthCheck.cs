using Microsoft.Extensions.Diagnostics.HealthChecks;
using TenantPlatform.LocalServers;

namespace TenantPlatform.Servers;

/// <summary>Asks a Valkey whether it answers, on a connection of its own.</summary>
internal sealed class ValkeyHealthCheck(ValkeyResource valkey) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!valkey.PrimaryEndpoint.IsAllocated)
            return HealthCheckResult.Unhealthy("It has no address yet.");
        var password = valkey.PasswordParameter is { } parameter ? await parameter.GetValueAsync(cancellationToken) : null;
        return await RespProbe.AnswersAsync(valkey.PrimaryEndpoint.Port, password, cancellationToken)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("It does not answer PING.");
    }
}
