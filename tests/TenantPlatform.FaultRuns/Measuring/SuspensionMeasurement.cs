using TenantPlatform.CommandLine;
using TenantPlatform.FaultRuns.Checking;
using TenantPlatform.FaultRuns.History;
using TenantPlatform.FaultRuns.Reporting;
using TenantPlatform.FaultRuns.Running;
using TenantPlatform.FaultRuns.Workload;
using TenantPlatform.Testbed;
using ProgressTask = Spectre.Console.ProgressTask;

namespace TenantPlatform.FaultRuns.Measuring;

/// <summary>With everything healthy and all pods under load: how long after an accepted suspension does the last authorised answer come, of each service?</summary>
internal sealed class SuspensionMeasurement(Terminal terminal)
{
    private const string Crm = "crm";
    private const int CrmPods = 2;
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
        await using var stage = await Stage.PrepareAsync(options.Tenants, mutant: null, terminal, stop, options.IsWithCrm ? CrmPods : 0);

        // Half of the tenants are load, half are suspended in turn.
        var half = stage.Accounts.Count / 2;
        IReadOnlyList<TenantAccount> suspended = [.. stage.Accounts.Skip(half)];
        List<MeasuredService> services = [new("ledger", stage.Platform.Ledgers)];
        if (options.IsWithCrm)
        {
            services.Add(new(Crm, stage.Platform.Crms));
            foreach (var account in suspended)
                await stage.Platform.TenantManager.AssociateAsync(account.Tenant, Crm, stop);
        }

        // What the gateway keeps for each tenant by itself: asked for again and again, it is answered from there.
        if (options.IsWithGateway)
            services.Add(new("gateway", [stage.Platform.Gateway], static account => $"/ledger/v1/organizations/{account.Books.Organization}"));

        var recorder = new Recorder();
        var requests = new Requests(recorder, stage.Journal);
        var administrator = new Administrator(stage.Platform.TenantManager, recorder, suspendsAll: options.IsWithCrm);
        foreach (var account in stage.Accounts)
            await administrator.FindOutAsync(account, stop);
        await using var events = await EventWatch.StartAsync(await stage.Platform.ConnectionStringAsync("valkey", stop), recorder);
        using var stopTraffic = new CancellationTokenSource();
        var traffic = new Traffic(stage.Platform.Ledgers, [.. stage.Accounts.Take(half)], requests).RunAsync(seed: 1, options.Rate, stopTraffic.Token);
        var isMeasured = false;
        try
        {
            for (var (n, done) = (0, 0); done < WarmUp + count; n++)
            {
                progress.Description = done < WarmUp ? "warming up" : "suspensions";
                if (!await SuspendAsync(services, suspended[n % suspended.Count], administrator, requests, events, recorder, stop))
                    continue;
                progress.Increment(1);
                if (++done == WarmUp)
                    services.ForEach(static service => service.Begin());
                isMeasured = done > WarmUp;
            }
        }
        finally
        {
            await stopTraffic.CancelAsync();
            await traffic;
            if (isMeasured)
                Print(services, options.Rate);
        }

        progress.Description = "stopping the platform";
        return services.TrueForAll(static service => Quantiles.Of(service.Answered, 0.99) < P99Aim && Quantiles.Of(service.Answered, 1) < WorstAim) ? ExitCode.Success : ExitCode.Failure;
    }

    private void Print(List<MeasuredService> services, int rate)
    {
        var measured = services[0].CutOffs;
        var pods = string.Join(", ", services.Select(static service => $"{service.Pods.Count} pods of the {service.Name}"));
        terminal.Line($"{measured.Count} suspensions, {pods}, {rate} requests a second to the ledger besides, after {WarmUp} to warm up: accepted suspension to last authorised answer");
        foreach (var service in services)
            terminal.Line($"{service.Name}: p50 {Show.Span(Quantiles.Of(service.Answered, 0.5))}, p99 {Show.Span(Quantiles.Of(service.Answered, 0.99))} (aim < {Show.Span(P99Aim)}), worst {Show.Span(Quantiles.Of(service.Answered, 1))} (aim < {Show.Span(WorstAim)})");
        var parts = FigureTable.Of("of which", Quantiles.SpreadNames);
        parts.Add("the call to the tenant-manager, before", Quantiles.Spread([.. measured.Select(cutOff => cutOff.Call)]));
        parts.Add("the event, at a subscriber beside the pods", Quantiles.Spread([.. measured.Where(cutOff => cutOff.Event is not null).Select(cutOff => cutOff.Event!.Value)]));
        foreach (var service in services)
        {
            parts.Add($"{service.Name}: the last request sent that was served", Quantiles.Spread([.. service.CutOffs.Select(cutOff => cutOff.Begun)]));
            parts.Add($"{service.Name}: the last answer that served", Quantiles.Spread(service.Answered));
            parts.Add($"{service.Name}: that, from the call on", Quantiles.Spread([.. service.CutOffs.Select(cutOff => cutOff.SinceCall)]));
        }

        foreach (var service in services.Where(static service => service.Path is not null))
            terminal.Line($"{service.Name}: of {service.CutOffs.Count * service.Pods.Count} last answers that served, {service.Cached} came from its cache");
        terminal.Write(parts);
    }

    /// <summary>Suspends and reactivates a tenant; false when nobody was told that the suspension was accepted, so that there is nothing to count from.</summary>
    private static async Task<bool> SuspendAsync(
        List<MeasuredService> services, TenantAccount account, Administrator administrator, Requests requests, EventWatch events, Recorder recorder, CancellationToken stop)
    {
        foreach (var service in services)
        {
            foreach (var pod in service.Pods)
                await UntilAsync(service, pod, account, requests, answer => answer.IsServed, recorder, stop);
        }

        var watches = services.ConvertAll(service => Task.WhenAll(service.Pods.Select(pod => WatchAsync(service, pod, account, requests, recorder, stop))));
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
            return false;
        var heard = events.Take(account.Tenant.Id) - acknowledged;
        foreach (var (service, last) in services.Zip(served))
        {
            var answered = last.Max(one => one.Received);
            service.Cached += last.Count(static one => one.IsCached);
            service.CutOffs.Add(new CutOff(acknowledged - sent, heard, After(acknowledged, last.Max(one => one.Sent)), After(acknowledged, answered), After(sent, answered)));
        }

        return true;
    }

    private static TimeSpan After(TimeSpan moment, TimeSpan at) => at > moment ? at - moment : TimeSpan.Zero;

    /// <summary>Asks one pod without a pause until it refuses; returns when the last request that it served was sent, and answered, and whether from a cache.</summary>
    private static async Task<(TimeSpan Sent, TimeSpan Received, bool IsCached)> WatchAsync(
        MeasuredService service, ServicePod pod, TenantAccount account, Requests requests, Recorder recorder, CancellationToken stop)
    {
        (TimeSpan Sent, TimeSpan Received, bool IsCached) last = default;
        await UntilAsync(
            service,
            pod,
            account,
            requests,
            answer =>
            {
                if (answer.IsServed)
                    last = (answer.Sent, answer.Received, answer.IsCached);
                return answer.IsDenied;
            },
            recorder,
            stop);
        return last;
    }

    private static async Task UntilAsync(
        MeasuredService service, ServicePod pod, TenantAccount account, Requests requests, Func<Answer, bool> isIt, Recorder recorder, CancellationToken stop)
    {
        var limit = recorder.Now + GiveUp;
        while (await requests.ReadAsync(pod, account, service.Path?.Invoke(account)) is var answer && !isIt(answer))
        {
            stop.ThrowIfCancellationRequested();
            PlatformException.ThrowUnless(
                recorder.Now < limit,
                $"{pod.Name} did not change its mind about tenant {account.Number} within {GiveUp.TotalMinutes} min; the last answer: {Show.Answer(answer, isMarked: false)}");
        }
    }
}
