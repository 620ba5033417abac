using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace TenantManager.Api.Storage;

/// <summary>Whether the tenant-manager can reach its state.</summary>
internal sealed class StateDatabaseHealthCheck(StateDatabase database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = database.Source.CreateCommand("select 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException)
        {
            return HealthCheckResult.Unhealthy("The state database cannot be reached.");
        }
    }
}
