using TenantPlatform.CommandLine;
using TenantPlatform.FaultRuns.Checking;
using TenantPlatform.FaultRuns.Reporting;
using TenantPlatform.FaultRuns.Running;
using TenantPlatform.Testbed;
using ProgressTask = Spectre.Console.ProgressTask;

namespace TenantPlatform.FaultRuns.Versions;

/// <summary>The fault runs over pods of two versions, on one Valkey whose entries stay from one run to the next: mixed, upgraded and downgraded.</summary>
internal sealed class VersionRuns(Report report)
{
    /// <summary>Returns how many violations were found, and runs that could not be made.</summary>
    public async Task<int> RunAsync(RunOptions options, string other, CancellationToken stop)
    {
        var outcomes = VersionOrder.All.ToDictionary(order => order.Name, _ => new VersionOutcome(), StringComparer.Ordinal);
        try
        {
            return await report.Terminal.ProgressAsync("starting the platform", VersionOrder.All.Count * options.Seeds.Count, progress => RunAsync(options, other, outcomes, progress, stop));
        }
        finally
        {
            Table(outcomes);
        }
    }

    private async Task<int> RunAsync(RunOptions options, string other, Dictionary<string, VersionOutcome> outcomes, ProgressTask progress, CancellationToken stop)
    {
        using var programs = new PodPrograms(PresentRoot(), other, RunningPlatform.LedgerNames(new PlatformOptions()));
        await using var stage = await Stage.PrepareAsync(options.Tenants, mutant: null, report.Terminal, stop, podPrograms: programs.Programs);
        var bounds = new Bounds();
        foreach (var order in VersionOrder.All)
        {
            foreach (var seed in options.Seeds.All)
            {
                progress.Description = $"{order.Name}, seed {seed} of {options.Seeds}";
                var outcome = outcomes[order.Name];
                try
                {
                    await order.BeginAsync(stage.Platform, programs, stage.Pods, seed, stop);
                    var run = new SeedRun(stage, bounds, options.Rate) { Planned = faults => order.Among(faults, programs, stage.Pods, options.Length) };
                    var history = await progress.WhileAsync(steps: 1, run.Usually(options.Length), run.RunAsync(seed, options.Length, Mutants.Faults(mutant: null), stop));
                    var violations = Checker.Check(history, bounds);
                    var books = await new BooksAudit(stage).FindAsync(stop);
                    outcome.Add(history, order, violations.Count + books.Count);
                    report.Line($"{order.Name}, seed {seed}: {history.Answers.Count} answers, {history.Changes.Count - stage.Accounts.Count} changes, faults: {string.Join(", ", history.Faults.Select(fault => fault.Kind))}; violations {violations.Count + books.Count}");
                    report.Violations(seed, violations, books);
                }
                catch (Exception exception) when (!stop.IsCancellationRequested && exception is PlatformException or OperationCanceledException or HttpRequestException)
                {
                    report.Line($"{order.Name}, seed {seed}: NOT RUN: {exception.Message}");
                    outcome.NotRun();
                }
            }
        }

        progress.Description = "stopping the platform";
        return outcomes.Values.Sum(outcome => outcome.Violations + outcome.RunsMissing);
    }

    // artifacts/bin/<this>/<configuration>/
    private static string PresentRoot() => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", ".."));

    private void Table(Dictionary<string, VersionOutcome> outcomes)
    {
        var table = FigureTable.Of("pods", "runs", "not run", "answers", "changes", "faults", "restarted into the other version", "violations");
        foreach (var (name, outcome) in outcomes)
            table.Add(name, outcome.Figures);
        report.Terminal.Write(table);
    }
}
