using TenantPlatform.Observer.Configuration;
using TenantPlatform.Observer.Manager;
using TenantPlatform.Observer.Pods;
using TenantPlatform.Observer.Reporting;

namespace TenantPlatform.Observer.Watching;

/// <summary>Follows one change until every pod agrees with it.</summary>
internal sealed partial class ChangeWatch(
    ManagerClient manager, PodClient pods, Observations observations, ObserverOptions options, TimeProvider time, ILogger<ChangeWatch> logger)
{
    public async Task RunAsync(Change change, CancellationToken cancellationToken)
    {
        var truth = await manager.AskAsync(change.Tenant, cancellationToken);
        var began = time.GetTimestamp();
        var waiting = options.Pods.Select(pod => new Watched(pod)).ToList();
        try
        {
            while (true)
            {
                await Task.WhenAll(waiting.Select(watched => AskAsync(watched, change, truth, cancellationToken)));
                waiting.RemoveAll(watched => watched.IsDone);
                if (waiting.Count == 0 || time.GetElapsedTime(began) >= options.GiveUp)
                    return;
                await Task.Delay(options.AskInterval, time, cancellationToken);
            }
        }
        finally
        {
            foreach (var watched in waiting.Where(watched => watched.IsStale))
                observations.GaveUp(watched.Pod, change, Age(change));
        }
    }

    private async Task AskAsync(Watched watched, Change change, Truth truth, CancellationToken cancellationToken)
    {
        var verdict = Verdicts.Of(truth, await pods.AskAsync(watched.Pod, change.Tenant, cancellationToken));
        var age = Age(change);
        observations.Answered(watched.Pod, verdict, age);
        if (verdict.IsStale())
        {
            observations.IsStale(watched.Pod, change);
            if (!watched.IsStale)
                LogStale(watched.Pod.Name, verdict.Name(), change.Tenant.Value, age.TotalSeconds);
            watched.IsStale = true;
            return;
        }

        watched.IsDone = verdict is Verdict.Fresh or Verdict.Untold;
        if (verdict != Verdict.Fresh || !watched.IsStale)
            return;
        watched.IsStale = false;
        observations.Agreed(watched.Pod, change, age);
        LogAgreed(watched.Pod.Name, change.Tenant.Value, age.TotalSeconds);
    }

    private TimeSpan Age(Change change) => time.GetUtcNow() - change.At is { Ticks: > 0 } age ? age : TimeSpan.Zero;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Pod} is stale ({Kind}) for tenant {Tenant}, {Seconds} s after the change")]
    private partial void LogStale(string pod, string kind, string tenant, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Pod} agrees again for tenant {Tenant}, {Seconds} s after the change")]
    private partial void LogAgreed(string pod, string tenant, double seconds);

    private sealed class Watched(Pod pod)
    {
        public Pod Pod { get; } = pod;

        public bool IsStale { get; set; }

        public bool IsDone { get; set; }
    }
}
