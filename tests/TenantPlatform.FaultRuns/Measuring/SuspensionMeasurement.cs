using TenantPlatform.FaultRuns.Checking;
using TenantPlatform.FaultRuns.History;
using TenantPlatform.FaultRuns.Reporting;
using TenantPlatform.FaultRuns.Running;
using TenantPlatform.FaultRuns.Workload;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Measuring;

/// <summary>With everything healthy and all pods under load: how long after an accepted suspension does the last authorised answer come?</summary>
internal sealed class SuspensionMeasurement(Report report)
{
    private static readonly TimeSpan P99Aim = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan WorstAim = TimeSpan.FromMilliseconds(250);

    /// <summary>Suspensions before those that count: every pod's code is compiled at its best, every pool has been closed and opened.</summary>
    private const int WarmUp = 200;

    /// <summary>Longer than a machine under load takes for anything: a pod that is stuck is no less stuck then.</summary>
    private static readonly TimeSpan GiveUp = TimeSpan.FromMinutes(5);

    public async Task<int> RunAsync(RunOptions options, int count)
    {
        await using var stage = await Stage.PrepareAsync(options.Tenants, mutant: null);
        var recorder = new Recorder();
        var requests = new Requests(recorder, stage.Journal);
        var administrator = new Administrator(stage.Platform.TenantManager, recorder);
        foreach (var account in stage.Accounts)
            await administrator.FindOutAsync(account, CancellationToken.None);
        await using var events = await EventWatch.StartAsync(await stage.Platform.ConnectionStringAsync("valkey", CancellationToken.None), recorder);
        using var stop = new CancellationTokenSource();

        // Half of the tenants are load, half are suspended in turn.
        var half = stage.Accounts.Count / 2;
        var traffic = new Traffic(stage.Platform.Ledgers, [.. stage.Accounts.Take(half)], requests).RunAsync(seed: 1, options.Rate, stop.Token);
        var cutOffs = new List<CutOff>();
        for (var n = 0; cutOffs.Count < WarmUp + count; n++)
        {
            if (await SuspendAsync(stage, stage.Accounts[half + (n % (stage.Accounts.Count - half))], administrator, requests, events, recorder) is { } cutOff)
                cutOffs.Add(cutOff);
        }

        await stop.CancelAsync();
        await traffic;
        cutOffs.RemoveRange(0, WarmUp);

        List<TimeSpan> answered = [.. cutOffs.Select(cutOff => cutOff.Answered)];
        var (p99, worst) = (Quantiles.Of(answered, 0.99), Quantiles.Of(answered, 1));
        report.Line($"{count} suspensions, {stage.Pods.Count} pods, {options.Rate} requests a second besides, after {WarmUp} to warm up: accepted suspension to last authorised answer");
        report.Line($"p50 {Show.Span(Quantiles.Of(answered, 0.5))}, p99 {Show.Span(p99)} (aim < {Show.Span(P99Aim)}), worst {Show.Span(worst)} (aim < {Show.Span(WorstAim)})");
        report.Line($"{"of which",-48}{"p50",10}{"p99",10}{"worst",10}");
        Part("the call to the tenant-manager, before", cutOffs.Select(cutOff => cutOff.Call));
        Part("the event, at a subscriber beside the pods", cutOffs.Where(cutOff => cutOff.Event is not null).Select(cutOff => cutOff.Event!.Value));
        Part("the last request sent that was served", cutOffs.Select(cutOff => cutOff.Begun));
        Part("the last answer that served", answered);
        return p99 < P99Aim && worst < WorstAim ? 0 : 1;

        void Part(string what, IEnumerable<TimeSpan> spans) => report.Line($"  {what,-46}{Report.Spread([.. spans])}");
    }

    /// <summary>Suspends and reactivates a tenant; null when nobody was told that the suspension was accepted, so that there is nothing to count from.</summary>
    private static async Task<CutOff?> SuspendAsync(
        Stage stage, TenantAccount account, Administrator administrator, Requests requests, EventWatch events, Recorder recorder)
    {
        foreach (var pod in stage.Platform.Ledgers)
            await UntilAsync(pod, account, requests, answer => answer.IsServed, recorder);
        var watches = stage.Platform.Ledgers.Select(pod => WatchAsync(pod, account, requests, recorder)).ToArray();
        var sent = recorder.Now;
        var isAccepted = await administrator.ChangeAsync(account, ChangeKind.Suspend, CancellationToken.None);
        var acknowledged = recorder.Now;
        while (!account.IsSuspended)
            await administrator.ChangeAsync(account, ChangeKind.Suspend, CancellationToken.None);
        var served = await Task.WhenAll(watches);

        // A starved tenant-manager may not get to it in time, and then the tenant is rightly refused for ever.
        while (account.IsSuspended)
            await administrator.ChangeAsync(account, ChangeKind.Reactivate, CancellationToken.None);
        if (!isAccepted)
            return null;
        return new CutOff(
            acknowledged - sent,
            events.Take(account.Tenant.Id) - acknowledged,
            After(acknowledged, served.Max(last => last.Sent)),
            After(acknowledged, served.Max(last => last.Received)));
    }

    private static TimeSpan After(TimeSpan acknowledged, TimeSpan at) => at > acknowledged ? at - acknowledged : TimeSpan.Zero;

    /// <summary>Asks one pod without a pause until it refuses; returns when the last request that it served was sent, and answered.</summary>
    private static async Task<(TimeSpan Sent, TimeSpan Received)> WatchAsync(LedgerPod pod, TenantAccount account, Requests requests, Recorder recorder)
    {
        (TimeSpan Sent, TimeSpan Received) last = default;
        await UntilAsync(
            pod,
            account,
            requests,
            answer =>
            {
                if (answer.IsServed)
                    last = (answer.Sent, answer.Received);
                return answer.IsDenied;
            },
            recorder);
        return last;
    }

    private static async Task UntilAsync(LedgerPod pod, TenantAccount account, Requests requests, Func<Answer, bool> isIt, Recorder recorder)
    {
        var limit = recorder.Now + GiveUp;
        while (await requests.ReadAsync(pod, account) is var answer && !isIt(answer))
        {
            PlatformException.ThrowUnless(
                recorder.Now < limit,
                $"{pod.Name} did not change its mind about tenant {account.Number} within {GiveUp.TotalMinutes} min; the last answer: {Show.Answer(answer, isMarked: false)}");
        }
    }
}
