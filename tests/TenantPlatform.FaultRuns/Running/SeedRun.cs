using System.Diagnostics;
using TenantPlatform.FaultRuns.Checking;
using TenantPlatform.FaultRuns.Faults;
using TenantPlatform.FaultRuns.History;
using TenantPlatform.FaultRuns.Workload;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Running;

/// <summary>One run of a seed: traffic, changes and faults for a while, then quiet until every bound has passed.</summary>
internal sealed class SeedRun(Stage stage, Bounds bounds, int ratePerSecond)
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(3);

    /// <summary>What is made of the seed's schedule.</summary>
    public Func<IReadOnlyList<PlannedFault>, IReadOnlyList<PlannedFault>> Planned { get; init; } = static faults => faults;

    /// <summary>How long a run usually takes whose faults take so long.</summary>
    public TimeSpan Usually(TimeSpan length) => length + bounds.Revalidation + Margin;

    /// <summary>Runs to the end, or until stopped; then it has no history, because nobody has looked at all that a fault leaves behind.</summary>
    public async Task<RunHistory> RunAsync(int seed, TimeSpan length, IReadOnlyList<Fault> kinds, CancellationToken stop)
    {
        var recorder = new Recorder();
        var requests = new Requests(recorder, stage.Journal);
        var administrator = new Administrator(stage.Platform.TenantManager, recorder);
        await BeginAsync(recorder, administrator, stop);

        using var stopChanges = new CancellationTokenSource();
        using var stopTraffic = new CancellationTokenSource();
        var traffic = new Traffic(stage.Platform.Ledgers, stage.Accounts, requests).RunAsync(seed, ratePerSecond, stopTraffic.Token);
        var changes = new Operations(stage.Platform.Ledgers, stage.Accounts, administrator, requests, recorder).RunAsync(seed, stopChanges.Token, stop);
        try
        {
            var from = recorder.Now;
            await new FaultDriver(stage.Platform, recorder).RunAsync(Shifted(Planned(Schedule.Of(seed, length, stage.Pods, kinds)), from), stop);
            var rest = from + length - recorder.Now;
            if (rest > TimeSpan.Zero)
                await Task.Delay(rest, stop);
        }
        finally
        {
            await stopChanges.CancelAsync();
            await changes;
            await Task.Delay(bounds.Revalidation + Margin, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await stopTraffic.CancelAsync();
            await traffic;
            if (!stop.IsCancellationRequested)
                await EndAsync(administrator);
        }

        stop.ThrowIfCancellationRequested();
        return recorder.ToHistory();
    }

    /// <summary>Every tenant is served by every pod, and its revision is known.</summary>
    private async Task BeginAsync(Recorder recorder, Administrator administrator, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ReadyLimit * 2);
        var unrecorded = new Administrator(stage.Platform.TenantManager, new Recorder());
        await Parallel.ForEachAsync(stage.Accounts, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = limit.Token }, async (account, stop) =>
        {
            await unrecorded.FindOutAsync(account, stop);
            account.Pending = null;

            // A starved tenant-manager may not get to it in time, and then the tenant is rightly refused for ever.
            while (account.IsSuspended)
                await unrecorded.ChangeAsync(account, ChangeKind.Reactivate, stop);
            await unrecorded.FindOutAsync(account, stop);
            foreach (var pod in stage.Platform.Ledgers)
                await KnowsAsync(pod, account, stop);
            recorder.Add(new Change(ChangeKind.Begin, account.Number, TimeSpan.Zero, TimeSpan.Zero, account.Revision));
        });
    }

    /// <summary>What was asked for and not answered has happened by now, or will not.</summary>
    private async Task EndAsync(Administrator administrator)
    {
        using var limit = new CancellationTokenSource(ReadyLimit);
        foreach (var account in stage.Accounts.Where(account => account.Pending is not null))
            await administrator.FindOutAsync(account, limit.Token);
    }

    private static async Task KnowsAsync(LedgerPod pod, TenantAccount account, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            using var response = await pod.SendAsync(HttpMethod.Get, "/v1/organizations?limit=1", account.Tenant.Token, body: null, cancellationToken);
            if (response.IsSuccessStatusCode && response.Headers.TryGetValues("X-Tenant-Revision", out var revision) && revision.First() == $"{account.Revision}")
                return;
            PlatformException.ThrowUnless(
                clock.Elapsed < ReadyLimit,
                $"With every fault gone, {pod.Name} does not serve tenant {account.Number} by revision {account.Revision}; it answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    private static List<PlannedFault> Shifted(IReadOnlyList<PlannedFault> schedule, TimeSpan by) => [.. schedule.Select(planned => planned with { Start = planned.Start + by })];
}
