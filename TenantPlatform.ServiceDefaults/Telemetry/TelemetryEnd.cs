using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace TenantPlatform.ServiceDefaults.Telemetry;

/// <summary>
/// Sends what is left when the host stops, all of it at once and within a second. By themselves the three providers take up
/// to five seconds each, one after the other, when nobody answers at the OTLP endpoint, and an orchestrator kills before that.
/// </summary>
internal sealed class TelemetryEnd(TracerProvider tracer, MeterProvider meter, LoggerProvider logger) : IHostedService
{
    private const int Milliseconds = 750;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Whoever is shut down already is only disposed of later. The three calls block, so each has a thread.
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Task.Run(() => tracer.Shutdown(Milliseconds), CancellationToken.None),
        Task.Run(() => meter.Shutdown(Milliseconds), CancellationToken.None),
        Task.Run(() => logger.Shutdown(Milliseconds), CancellationToken.None));
}
