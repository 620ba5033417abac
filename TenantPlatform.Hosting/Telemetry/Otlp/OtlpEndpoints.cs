using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>The three addresses to which OTLP exporters send.</summary>
internal static class OtlpEndpoints
{
    /// <summary>
    /// Maps POST <c>/v1/traces</c>, <c>/v1/logs</c> and <c>/v1/metrics</c> for protobuf bodies, gzip or plain. Needs
    /// <see cref="TelemetryServices.AddTelemetry"/>.
    /// </summary>
    public static IEndpointConventionBuilder MapOtlp(this IEndpointRouteBuilder routes)
    {
        var receiver = routes.ServiceProvider.GetRequiredService<OtlpReceiver>();
        var group = routes.MapGroup("/v1");
        group.MapPost("/traces", receiver.ReceiveTracesAsync);
        group.MapPost("/logs", receiver.ReceiveLogsAsync);
        group.MapPost("/metrics", receiver.ReceiveMetricsAsync);
        return group;
    }
}
