using TenantPlatform.CommandLine;
using TenantPlatform.FaultRuns.Checking;
using TenantPlatform.FaultRuns.History;
using TenantPlatform.FaultRuns.Reporting;
using TenantPlatform.FaultRuns.Running;
using TenantPlatform.FaultRuns.Workload;
using TenantPlatform.Testbed;
using ProgressTask = Spectre.Console.ProgressTask;

namespace TenantPlatform.FaultRuns.Measuring;

/// <summary>With everything healthy and all pods under load: how long after an accepted suspension does the last authorised answer come?</summary>
internal sealed class SuspensionMeasurement(Terminal terminal)
{
    private static readonly TimeSpan P99Aim = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan WorstAim = TimeSpan.FromMilliseconds(250);

    /// <summary>Suspensions before those that count: every pod's code is compiled at its best, every pool has been closed and opened.</summary>
    private const int WarmUp = 200;

    /// <summary>Longer than a machine under load takes for anything: a pod that is stuck is no less stuck then.</summary>
    private static readonly TimeSpan GiveUp = TimeSpan.FromMinutes(5);

    /// <summary>Measures so many suspensions, or as many as there are until it is stopped.</summary>
    public Task<int> RunAsync(RunOptions options, int count, CancellationToken stop) =>
        terminal.ProgressAsync("starting the platform", WarmUp + count, progress => RunAsync(options, count, progress, stop));

    private async Task<int> RunAsync(RunOptions options, int count, ProgressTask progress, CancellationToken stop)
    {
        await using var stage = await Stage.PrepareAsync(options.Tenants, mutant: null, terminal, stop);
        var recorder = new Recorder();
        var requests = new Requests(recorder, stage.Journal);
        var administrator = new Administrator(stage.Platform.TenantManager, recorder);
        foreach (var account in stage.Accounts)
            await administrator.FindOutAsync(account, stop);
        await using var events = await EventWatch.StartAsync(await stage.Platform.ConnectionStringAsync("valkey", stop), recorder);
        using var stopTraffic = new CancellationTokenSource();

        // Half of the tenants are load, half are suspended in turn.
        var half = stage.Accounts.Count / 2;
        var traffic = new Traffic(stage.Platform.Ledgers, [.. stage.Accounts.Take(half)], requests).RunAsync(seed: 1, options.Rate, stopTraffic.Token);
        var cutOffs = new List<CutOff>();
        try
        {
            for (var n = 0; cutOffs.Count < WarmUp + count; n++)
            {
                progress.Description = cutOffs.Count < WarmUp ? "warming up" : "suspensions";
                if (await SuspendAsync(stage, stage.Accounts[half + (n % (stage.Accounts.Count - half))], administrator, requests, events, recorder, stop) is not { } cutOff)
                    continue;
                cutOffs.Add(cutOff);
                progress.Increment(1);
            }
        }
        finally
        {
            await stopTraffic.CancelAsync();
            await traffic;
            cutOffs.RemoveRange(0, Math.Min(WarmUp, cutOffs.Count));
            if (cutOffs.Count > 0)
                Print(cutOffs, $"{stage.Pods.Count} pods, {options.Rate} requests a second besides");
        }

        progress.Description = "stopping the platform";
        var answered = Answered(cutOffs);
        return Quantiles.Of(answered, 0.99) < P99Aim && Quantiles.Of(answered, 1) < WorstAim ? ExitCode.Success : ExitCode.Failure;
    }

    private void Print(List<CutOff> cutOffs, string conditions)
    {
        var answered = Answered(cutOffs);
        terminal.Line($"{cutOffs.Count} suspensions, {conditions}, after {WarmUp} to warm up: accepted suspension to last authorised answer");
        terminal.Line($"p50 {Show.Span(Quantiles.Of(answered, 0.5))}, p99 {Show.Span(Quantiles.Of(answered, 0.99))} (aim < {Show.Span(P99Aim)}), worst {Show.Span(Quantiles.Of(answered, 1))} (aim < {Show.Span(WorstAim)})");
        var parts = FigureTable.Of("of which", Quantiles.SpreadNames);
        parts.Add("the call to the tenant-manager, before", Quantiles.Spread([.. cutOffs.Select(cutOff => cutOff.Call)]));
        parts.Add("the event, at a subscriber beside the pods", Quantiles.Spread([.. cutOffs.Where(cutOff => cutOff.Event is not null).Select(cutOff => cutOff.Event!.Value)]));
        parts.Add("the last request sent that was served", Quantiles.Spread([.. cutOffs.Select(cutOff => cutOff.Begun)]));
        parts.Add("the last answer that served", Quantiles.Spread(answered));
        terminal.Write(parts);
    }

    private static List<TimeSpan> Answered(List<CutOff> cutOffs) => [.. cutOffs.Select(cutOff => cutOff.Answered)];

    /// <summary>Suspends and reactivates a tenant; null when nobody was told that the suspension was accepted, so that there is nothing to count from.</summary>
    private static async Task<CutOff?> SuspendAsync(
        Stage stage, TenantAccount account, Administrator administrator, Requests requests, EventWatch events, Recorder recorder, CancellationToken stop)
    {
        foreach (var pod in stage.Platform.Ledgers)
            await UntilAsync(pod, account, requests, answer => answer.IsServed, recorder, stop);
        var watches = stage.Platform.Ledgers.Select(pod => WatchAsync(pod, account, requests, recorder, stop)).ToArray();
        var sent = recorder.Now;
        var isAccepted = await administrator.ChangeAsync(account, ChangeKind.Suspend, stop);
        var acknowledged = recorder.Now;
        while (!account.IsSuspended)
            await administrator.ChangeAsync(account, ChangeKind.Suspend, stop);
        var served = await Task.WhenAll(watches);

        // A starved tenant-manager may not get to it in time, and then the tenant is rightly refused for ever.
        while (account.IsSuspended)
            await administrator.ChangeAsync(account, ChangeKind.Reactivate, stop);
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
    private static async Task<(TimeSpan Sent, TimeSpan Received)> WatchAsync(LedgerPod pod, TenantAccount account, Requests requests, Recorder recorder, CancellationToken stop)
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
            recorder,
            stop);
        return last;
    }

    private static async Task UntilAsync(LedgerPod pod, TenantAccount account, Requests requests, Func<Answer, bool> isIt, Recorder recorder, CancellationToken stop)
    {
        var limit = recorder.Now + GiveUp;
        while (await requests.ReadAsync(pod, account) is var answer && !isIt(answer))
        {
            stop.ThrowIfCancellationRequested();
            PlatformException.ThrowUnless(
                recorder.Now < limit,
                $"{pod.Name} did not change its mind about tenant {account.Number} within {GiveUp.TotalMinutes} min; the last answer: {Show.Answer(answer, isMarked: false)}");
        }
    }
}
