using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>The addresses to which OTLP exporters send.</summary>
internal static class OtlpEndpoints
{
    private const string Services = "/opentelemetry.proto.collector";

    /// <summary>
    /// Maps POST <c>/v1/traces</c>, <c>/v1/logs</c> and <c>/v1/metrics</c> for protobuf bodies, gzip or plain, and the three
    /// services of gRPC, for which the server must speak HTTP/2. Needs <see cref="TelemetryServices.AddTelemetry"/>.
    /// </summary>
    public static IEndpointConventionBuilder MapOtlp(this IEndpointRouteBuilder routes)
    {
        var receiver = routes.ServiceProvider.GetRequiredService<OtlpReceiver>();
        routes.MapPost($"{Services}.trace.v1.TraceService/Export", context => receiver.ReceiveGrpcAsync(context, receiver.Traces));
        routes.MapPost($"{Services}.logs.v1.LogsService/Export", context => receiver.ReceiveGrpcAsync(context, receiver.Logs));
        routes.MapPost($"{Services}.metrics.v1.MetricsService/Export", context => receiver.ReceiveGrpcAsync(context, receiver.Metrics));
        var group = routes.MapGroup("/v1");
        group.MapPost("/traces", context => receiver.ReceiveAsync(context, receiver.Traces));
        group.MapPost("/logs", context => receiver.ReceiveAsync(context, receiver.Logs));
        group.MapPost("/metrics", context => receiver.ReceiveAsync(context, receiver.Metrics));
        return group;
    }
}
