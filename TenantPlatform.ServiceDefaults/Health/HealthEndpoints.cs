using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;

namespace TenantPlatform.ServiceDefaults.Health;

/// <summary>The two health endpoints.</summary>
internal static class HealthEndpoints
{
    public const string Prefix = "/health";
    private const string ReadyTag = "ready";

    public static void Map(IEndpointRouteBuilder routes)
    {
        // No check at all: as long as requests are answered, restarting the process would help nobody.
        routes.MapHealthChecks($"{Prefix}/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = HealthBody.WriteAsync });
        routes.MapHealthChecks(
            $"{Prefix}/ready",
            new HealthCheckOptions { Predicate = check => check.Tags.Contains(ReadyTag, StringComparer.Ordinal), ResponseWriter = HealthBody.WriteAsync });
    }
}
