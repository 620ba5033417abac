using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using TenantPlatform.CommandLine;
using TenantPlatform.FaultRuns.Checking;
using TenantPlatform.FaultRuns.Faults;
using TenantPlatform.FaultRuns.History;
using TenantPlatform.FaultRuns.Reporting;
using TenantPlatform.FaultRuns.Running;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Soak;

/// <summary>Runs the whole platform for hours under load, changes and faults while a stream of tenants passes through it, and looks whether anything grows.</summary>
internal sealed class SoakRun(Report report, SoakTerms terms, SoakFiles files)
{
    private static readonly TimeSpan AuditLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(1);

    /// <summary>What ends processes that are looked at, or empties Valkey; the others leave what has grown where it is.</summary>
    private static readonly string[] Unsettling = ["manager-kill", "manager-restart", "valkey-kill-empty", "valkey-kill-with-data"];

    /// <summary>Returns how many violations were found, rounds that could not be made, and figures that grow.</summary>
    public Task<int> RunAsync(TimeSpan length, CancellationToken stop) =>
        report.Terminal.ProgressAsync("starting the platform", length.TotalSeconds, progress => RunAsync(length, progress, stop));

    private async Task<int> RunAsync(TimeSpan length, ProgressTask progress, CancellationToken stop)
    {
        await using var stage = await Stage.PrepareAsync(terms.Tenants, mutant: null, report.Terminal, stop, crmPods: 1, with: WithShortLives);
        var platform = stage.Platform;
        var template = await platform.TenantManager.CreateTenantAsync("template", stop, connections: 1);
        await platform.Gateway.ServeAsync(template, stop);
        await using var state = await ChurnState.OpenAsync(platform, template, stop);
        var tally = new ChurnTally();
        await using var sampler = await Sampler.OpenAsync(
            platform, ["tenant-manager", "gateway", "links", "console", .. stage.Pods, "crm-1"], () => tally.Asked, terms.SampleEvery, stop);
        report.Line($"{stage.Pods.Count} pods, {terms.Tenants} tenants that stay at {terms.Rate} requests a second, {terms.TenantsPerSecond} that pass through a second; healthy after {Show.Span(platform.TimeToHealthy)}");

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] beside =
        [
            new TenantChurn(platform, state, terms.TenantsPerSecond, tally).RunAsync(ending.Token),
            new TenantLives(platform, tally).RunAsync(ending.Token),
            sampler.RunAsync(ending.Token),
        ];
        var rounds = new List<SoakRound>();
        var found = 0;
        try
        {
            found = await RoundsAsync(stage, length, rounds, sampler, beside, progress, stop);
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(beside).WaitAsync(StopLimit, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await files.WriteAsync(sampler.Samples, rounds, CancellationToken.None);
            if (sampler.Samples.Count > 0)
            {
                var growing = SoakReport.Print(report.Terminal, sampler.Samples, rounds, tally);
                report.Line($"growing {growing}; wrongly answered {tally.Otherwise}; {files.Folder} has the samples and the plot");
                found += growing + (tally.Otherwise > 0 ? 1 : 0);
            }
        }

        progress.Description = "stopping the platform";
        return found;
    }

    private async Task<int> RoundsAsync(
        Stage stage, TimeSpan length, List<SoakRound> rounds, Sampler sampler, Task[] beside, ProgressTask progress, CancellationToken stop)
    {
        var bounds = new Bounds();
        var clock = Stopwatch.StartNew();
        var round = terms.Round < length ? terms.Round : length;
        var found = 0;
        for (var seed = 1; clock.Elapsed < length - (round / 2); seed++)
        {
            progress.Description = string.Create(CultureInfo.InvariantCulture, $"round {seed}");
            try
            {
                var isUnsettled = clock.Elapsed < length * terms.UnsettledShare;
                var kinds = FaultCatalog.All.Where(fault => isUnsettled || !Unsettling.Contains(fault.Name, StringComparer.Ordinal)).ToList();
                var run = new SeedRun(stage, bounds, terms.Rate) { Planned = faults => Thinned(faults, stage.Pods) };
                var history = await progress.WhileAsync(round.TotalSeconds, run.Usually(round), WithAsync(run.RunAsync(seed, round, kinds, stop), beside));
                found += await CheckAsync(stage, seed, history, bounds, clock.Elapsed, rounds, stop);
            }
            catch (Exception exception) when (!stop.IsCancellationRequested && exception is PlatformException or OperationCanceledException or HttpRequestException)
            {
                report.Line($"round {seed}: NOT RUN: {exception.Message}");
                found++;
            }

            await files.WriteAsync(sampler.Samples, rounds, stop);
        }

        return found;
    }

    /// <summary>What runs beside the rounds ends with the soak only: before, it has failed, and so has the soak.</summary>
    private static async Task<RunHistory> WithAsync(Task<RunHistory> run, Task[] beside)
    {
        while (!run.IsCompleted && await Task.WhenAny([run, .. beside.Where(static task => !task.IsCompletedSuccessfully)]) is var ended && ended != run)
            await ended;
        return await run;
    }

    private async Task<int> CheckAsync(Stage stage, int seed, RunHistory history, Bounds bounds, TimeSpan ended, List<SoakRound> rounds, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(AuditLimit);
        var violations = Checker.Check(history, bounds);
        var books = await new BooksAudit(stage).FindAsync(limit.Token);
        var figures = new Figures(bounds);
        figures.Add(history);
        var round = new SoakRound(
            ended,
            history.Answers.Count,
            [.. history.Faults.Select(fault => fault.Kind)],
            [.. figures.Kinds.Values.SelectMany(kind => kind.Stale)],
            [.. figures.Kinds.Values.SelectMany(kind => kind.Denials)],
            violations.Count + books.Count);
        rounds.Add(round);
        report.Line($"round {seed}, {ended.TotalMinutes:0} min: {round.Answers} answers, {round.Denials.Count} suspensions, faults: {string.Join(", ", round.Faults)}; violations {round.Violations}");
        report.Violations(seed, violations, books);
        return round.Violations;
    }

    /// <summary>Fewer faults; those of a pod hit the last one, so that the others live through it all.</summary>
    private List<PlannedFault> Thinned(IReadOnlyList<PlannedFault> faults, IReadOnlyList<string> pods) =>
        [.. faults.Where((_, n) => n % terms.OneFaultIn == 0).Select(fault => fault.Fault.IsOfAPod ? fault with { Pod = pods[^1] } : fault)];

    private PlatformOptions WithShortLives(PlatformOptions options)
    {
        var life = ((int)terms.L2TimeToLive.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return options with
        {
            PodEnvironment = new Dictionary<string, string>(options.PodEnvironment, StringComparer.Ordinal) { ["MULTI_TENANT_CACHE_L2_TTL_SEC"] = life },
            GatewayEnvironment = new Dictionary<string, string>(StringComparer.Ordinal) { ["MULTI_TENANT_CACHE_L2_TTL_SEC"] = life },
        };
    }
}
