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
///                  └─(failed dependency)─▶ FailedToStart  └── or by itself; with exit code 0: Finished
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
    private CancellationTokenSource? _attempt;
    private Task _watching = Task.CompletedTask;

    public ResourceController(IResource resource, Replica replica, IRunner runner, ResourceLog log, IServiceProvider services)
    {
        Resource = resource;
        Replica = replica;
        Log = log;
        _runner = runner;
        _services = services;
        _notifications = services.GetRequiredService<ResourceNotificationService>();
        _logger = services.GetRequiredService<ILoggerFactory>().CreateLogger($"Resource.{replica.Id}");
        _healthChecks = [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(check => check.Key)];
    }

    public IResource Resource { get; }

    public Replica Replica { get; }

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
            _attempt = new CancellationTokenSource();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _attempt.Token);
            await StartOnceAsync(either.Token);
        }
        finally
        {
            _attempt = null;
            _turn.Release();
        }
    }

    private async Task StartOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WaitForOthersAsync(cancellationToken);
            await _services.GetRequiredService<IDistributedApplicationEventing>()
                .PublishAsync(new BeforeResourceStartedEvent(Resource, _services), cancellationToken);
            await PublishAsync(KnownResourceStates.Starting);
            var urls = await ResourceUrls.OfAsync(Resource, Replica, _services, cancellationToken);
            _running = await _runner.StartAsync(Log, cancellationToken);
            _life = new CancellationTokenSource();
            await PublishRunningAsync(_running, urls);
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
            throw new DistributedApplicationException($"'{Replica.Id}' could not be started: {exception.Message}", exception);
        }
    }

    /// <summary>Stops the resource, one that is being started too; returns when its process is gone.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_attempt is { } attempt)
            await attempt.CancelAsync();
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
            await PublishExitAsync(KnownResourceStates.Exited, running.Exited.IsCompletedSuccessfully ? running.Exited.Result : null);
            await PublishStoppedAsync();
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
        foreach (var (wait, name) in waits.SelectMany(wait => ReplicaIds.Of(wait.Resource).Select(id => (wait, id))))
        {
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
        if (code == 0)
        {
            LogFinished(Replica.Id);
            await PublishExitAsync(Resource is ContainerResource ? KnownResourceStates.Exited : KnownResourceStates.Finished, code);
        }
        else
        {
            LogEnded(Replica.Id, code, string.Join(Environment.NewLine, Log.Tail(FailureLines)));
            await PublishFailureAsync(KnownResourceStates.Exited, code, Log.Tail(1) is [var last] ? last : null);
        }

        await PublishStoppedAsync();
    }

    private async Task WatchHealthAsync(CancellationToken stopped)
    {
        Replica.Current = Replica;
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
        await PublishAsync(now => now with { HealthReports = [.. reports] });
        return report.Status == HealthStatus.Healthy;
    }

    private Task PublishAsync(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) => _notifications.PublishUpdateAsync(Resource, Replica.Id, change);

    private Task PublishAsync(string state) => PublishAsync(now => now with { State = state, HealthReports = Unknown() });

    private Task PublishRunningAsync(IRunning running, ImmutableArray<UrlSnapshot> urls) => PublishAsync(now => now with
    {
        State = KnownResourceStates.Running,
        StartTimeStamp = DateTime.UtcNow,
        StopTimeStamp = null,
        ExitCode = null,
        HealthReports = Unknown(),
        Urls = urls,
        Properties = [.. Facts(running)],
    });

    private Task PublishExitAsync(string state, int? code) => PublishAsync(
        now => now with { State = state, StopTimeStamp = DateTime.UtcNow, ExitCode = code, Properties = [] });

    private Task PublishFailureAsync(string state, int? exitCode, string? reason) => PublishAsync(now => now with
    {
        State = state,
        StopTimeStamp = DateTime.UtcNow,
        ExitCode = exitCode,
        Properties =
        [
            new ResourcePropertySnapshot(ResourceProperties.Failure, reason),
            new ResourcePropertySnapshot(ResourceProperties.LastLines, string.Join('\n', Log.Tail(FailureLines))),
        ],
    });

    private ImmutableArray<HealthReportSnapshot> Unknown() =>
        [.. _healthChecks.Select(check => new HealthReportSnapshot(check, Status: null, Description: null, ExceptionText: null))];

    private static IEnumerable<ResourcePropertySnapshot> Facts(IRunning running)
    {
        yield return new ResourcePropertySnapshot(ResourceProperties.Origin, running.Origin);
        if (running.ProcessId is { } pid)
            yield return new ResourcePropertySnapshot(ResourceProperties.ProcessId, pid);
        foreach (var fact in running.Facts)
            yield return fact;
    }

    private async Task PublishStoppedAsync()
    {
        if (_notifications.TryGetCurrentState(Replica.Id, out var now))
            await _services.GetRequiredService<IDistributedApplicationEventing>().PublishAsync(new ResourceStoppedEvent(Resource, _services, now));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Resource} has finished.")]
    private partial void LogFinished(string resource);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Resource} ended by itself with exit code {Code}. Its last lines:\n{Lines}")]
    private partial void LogEnded(string resource, int code, string lines);
}
