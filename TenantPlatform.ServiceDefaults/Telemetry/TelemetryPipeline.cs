using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace TenantPlatform.ServiceDefaults.Telemetry;

/// <summary>Collects traces and metrics while the host runs; sends what is left, within a bound, when it stops.</summary>
internal sealed partial class TelemetryPipeline(ResourceBuilder resource, IConfiguration configuration, ILogger<TelemetryPipeline> logger)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(3);

    private TracerProvider? _tracer;
    private MeterProvider? _meter;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _tracer = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .SetResourceBuilder(resource)
            .AddSource(TelemetryNames.Sources)
            .AddProcessor(new HealthRequestFilter())
            .AddProcessor(new HttpSpanNames())
            .AddOtlpExporter()
            .Build();
        _meter = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .SetResourceBuilder(resource)
            .AddMeter(TelemetryNames.Meters)
            .AddOtlpExporter()
            .Build();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var milliseconds = (int)FlushLimit.TotalMilliseconds;
        try
        {
            // Both at once, and off this thread: flushing blocks.
            var flushed = await Task.WhenAll(
                Task.Run(() => _tracer?.Shutdown(milliseconds) ?? true, CancellationToken.None),
                Task.Run(() => _meter?.Shutdown(milliseconds) ?? true, CancellationToken.None)).WaitAsync(FlushLimit, cancellationToken);
            if (Array.Exists(flushed, done => !done))
                LogLost(logger);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            LogLost(logger);
        }
    }

    public void Dispose()
    {
        _tracer?.Dispose();
        _meter?.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "The last telemetry could not be sent in time and is lost; is the OTLP endpoint reachable?")]
    private static partial void LogLost(ILogger logger);
}
