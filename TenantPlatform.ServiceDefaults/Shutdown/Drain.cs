using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TenantPlatform.ServiceDefaults.Shutdown;

/// <summary>
/// Between the signal to end and the end: the service is not ready any more, and serves whatever still comes for so long as whoever
/// balances needs to notice. A server that stops listening at once refuses what was sent to it in the meantime.
/// </summary>
/// <remarks>Everything in the process runs on meanwhile: hosted services are only told to stop when it is over.</remarks>
internal sealed partial class Drain(DrainSettings settings, TimeProvider time, ILogger<Drain> logger) : IHostedLifecycleService, IHealthCheck
{
    /// <summary>The check that says so; it is left out until then.</summary>
    public const string CheckName = "process";

    private volatile bool _isUnderWay;

    /// <summary>Whether the process has been told to end.</summary>
    public bool IsUnderWay => _isUnderWay;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isUnderWay = true;
        if (settings.Duration == TimeSpan.Zero)
            return;
        LogDraining(settings.Duration.TotalSeconds);
        await Task.Delay(settings.Duration, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_isUnderWay ? HealthCheckResult.Unhealthy("it ends") : HealthCheckResult.Healthy());

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "The process ends: not ready any more, and serving for another {Seconds} s")]
    private partial void LogDraining(double seconds);
}
