using System.Collections.Immutable;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace TenantPlatform.Hosting.Running;

/// <summary>
/// One resource's life. Commands come one after another; every change of state is published.
/// <code>
/// NotStarted ─▶ Waiting ─▶ Starting ─▶ Running ─▶ Stopping ─▶ Exited
///                  │           └──────▶ FailedToStart    ▲
///                  └─(failed dependency)─▶ FailedToStart  └── or by itself
/// </code>
/// </summary>
internal sealed partial class ResourceController : IAsyncDisposable
{
    private const int FailureLines = 12;
    private static readonly TimeSpan UnhealthyInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan HealthyInterval = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly IRunner _runner;
    private readonly IServiceProvider _services;
    private readonly ResourceNotificationService _notifications;
    private readonly ILogger _logger;
    private readonly string[] _healthChecks;
    private IRunning? _running;
    private CancellationTokenSource? _life;
    private Task _watching = Task.CompletedTask;

    public ResourceController(IResource resource, IRunner runner, ResourceLog log, IServiceProvider services)
    {
        Resource = resource;
        Log = log;
        _runner = runner;
        _services = services;
        _notifications = services.GetRequiredService<ResourceNotificationService>();
        _logger = services.GetRequiredService<ILoggerFactory>().CreateLogger($"Resource.{resource.Name}");
        _healthChecks = [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(check => check.Key)];
    }

    public IResource Resource { get; }

    public ResourceLog Log { get; }

    /// <summary>Starts the resource once those that it waits for are there; returns when it runs.</summary>
    /// <exception cref="DistributedApplicationException">It could not be started; the message says why.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_running is { Exited.IsCompleted: false })
                return;
            await WaitForOthersAsync(cancellationToken);
            await PublishAsync(KnownResourceStates.Starting);
            _running = await _runner.StartAsync(Log, cancellationToken);
            _life = new CancellationTokenSource();
            await PublishRunningAsync(_running);
            _watching = WatchAsync(_running, _life.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await PublishAsync(KnownResourceStates.Exited);
            throw;
        }
        catch (Exception exception)
        {
            Log.Write(exception.Message, isError: true);
            await PublishFailureAsync(KnownResourceStates.FailedToStart, exitCode: null, exception.Message);
            throw new DistributedApplicationException($"'{Resource.Name}' could not be started: {exception.Message}", exception);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops the resource; returns when its process is gone.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_running is not { } running)
                return;
            if (!running.Exited.IsCompleted)
                await PublishAsync(KnownResourceStates.Stopping);
            await _life!.CancelAsync();
            await running.StopAsync(cancellationToken);
            await _watching;
            await running.DisposeAsync();
            _running = null;
            _life.Dispose();
            await PublishExitAsync(running.Exited.IsCompletedSuccessfully ? running.Exited.Result : null);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        Log.Dispose();
    }

    private async Task WaitForOthersAsync(CancellationToken cancellationToken)
    {
        var waits = Resource.Annotations.OfType<WaitAnnotation>().ToArray();
        if (waits.Length == 0)
            return;
        await PublishAsync(KnownResourceStates.Waiting);
        foreach (var wait in waits)
        {
            var name = wait.Resource.Name;
            switch (wait.WaitType)
            {
                case WaitType.WaitUntilHealthy:
                    await _notifications.WaitForResourceHealthyAsync(name, wait.WaitBehavior ?? WaitBehavior.WaitOnResourceUnavailable, cancellationToken);
                    break;
                case WaitType.WaitUntilStarted:
                    await _notifications.WaitForResourceAsync(name, KnownResourceStates.Running, cancellationToken);
                    break;
                default:
                    var ended = await _notifications.WaitForResourceAsync(
                        name, now => KnownResourceStates.TerminalStates.Contains(now.Snapshot.State?.Text, StringComparer.Ordinal), cancellationToken);
                    if (ended.Snapshot.ExitCode != wait.ExitCode)
                        throw new DistributedApplicationException($"'{name}' ended with exit code {ended.Snapshot.ExitCode}, {wait.ExitCode} was expected.");
                    break;
            }
        }
    }

    /// <summary>Follows the health of a running resource, until it ends or is stopped.</summary>
    private async Task WatchAsync(IRunning running, CancellationToken stopped)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(stopped);
        var health = WatchHealthAsync(life.Token);
        var ended = await Task.WhenAny(running.Exited, Task.Delay(Timeout.InfiniteTimeSpan, life.Token));
        await life.CancelAsync();
        await health;
        if (ended != running.Exited || stopped.IsCancellationRequested)
            return;
        var code = await running.Exited;
        LogEnded(Resource.Name, code, string.Join(Environment.NewLine, Log.Tail(FailureLines)));
        await PublishFailureAsync(KnownResourceStates.Exited, code, Log.Tail(1) is [var last] ? last : null);
    }

    private async Task WatchHealthAsync(CancellationToken stopped)
    {
        var checks = _services.GetRequiredService<HealthCheckService>();
        var isReady = false;
        try
        {
            while (true)
            {
                var isHealthy = _healthChecks.Length == 0 || await CheckAsync(checks, stopped);
                if (isHealthy && !isReady)
                {
                    isReady = true;
                    await _services.GetRequiredService<IDistributedApplicationEventing>()
                        .PublishAsync(new ResourceReadyEvent(Resource, _services), stopped);
                }

                if (_healthChecks.Length == 0)
                    return;
                await Task.Delay(isHealthy ? HealthyInterval : UnhealthyInterval, stopped);
            }
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            // The resource stops.
        }
    }

    private async Task<bool> CheckAsync(HealthCheckService checks, CancellationToken cancellationToken)
    {
        var report = await checks.CheckHealthAsync(check => _healthChecks.Contains(check.Name, StringComparer.Ordinal), cancellationToken);
        var reports = report.Entries.Select(entry => new HealthReportSnapshot(entry.Key, entry.Value.Status, entry.Value.Description, ExceptionText: null));
        await _notifications.PublishUpdateAsync(Resource, now => now with { HealthReports = [.. reports] });
        return report.Status == HealthStatus.Healthy;
    }

    private Task PublishAsync(string state) => _notifications.PublishUpdateAsync(Resource, now => now with { State = state, HealthReports = Unknown() });

    private Task PublishRunningAsync(IRunning running) => _notifications.PublishUpdateAsync(Resource, now => now with
    {
        State = KnownResourceStates.Running,
        StartTimeStamp = DateTime.UtcNow,
        StopTimeStamp = null,
        ExitCode = null,
        HealthReports = Unknown(),
        Urls = [.. Resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => new UrlSnapshot(endpoint.Name, endpoint.AllocatedEndpoint!.UriString, IsInternal: false))],
        Properties = [.. Facts(running)],
    });

    private Task PublishExitAsync(int? code) => _notifications.PublishUpdateAsync(
        Resource, now => now with { State = KnownResourceStates.Exited, StopTimeStamp = DateTime.UtcNow, ExitCode = code, Properties = [] });

    private Task PublishFailureAsync(string state, int? exitCode, string? reason) => _notifications.PublishUpdateAsync(Resource, now => now with
    {
        State = state,
        StopTimeStamp = DateTime.UtcNow,
        ExitCode = exitCode,
        Properties = [new ResourcePropertySnapshot(ResourceProperties.Failure, reason)],
    });

    private ImmutableArray<HealthReportSnapshot> Unknown() =>
        [.. _healthChecks.Select(check => new HealthReportSnapshot(check, Status: null, Description: null, ExceptionText: null))];

    private static IEnumerable<ResourcePropertySnapshot> Facts(IRunning running)
    {
        yield return new ResourcePropertySnapshot(ResourceProperties.Origin, running.Origin);
        if (running.ProcessId is { } pid)
            yield return new ResourcePropertySnapshot(ResourceProperties.ProcessId, pid);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Resource} ended by itself with exit code {Code}. Its last lines:\n{Lines}")]
    private partial void LogEnded(string resource, int code, string lines);
}
