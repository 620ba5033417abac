using Spectre.Console;
using TenantPlatform.CommandLine;
using TenantPlatform.FaultRuns.Checking;
using TenantPlatform.FaultRuns.History;
using TenantPlatform.FaultRuns.Reporting;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Running;

/// <summary>Runs seeds one after another on one platform.</summary>
internal sealed class FaultRuns(Report report)
{
    private static readonly TimeSpan AuditLimit = TimeSpan.FromMinutes(2);

    /// <summary>Returns how many violations were found, and seeds that could not be run; stopped, prints what the seeds have shown that had come to their end.</summary>
    public async Task<int> RunAsync(RunOptions options, CancellationToken stop)
    {
        var bounds = new Bounds();
        var figures = new Figures(bounds);
        try
        {
            return await report.Terminal.ProgressAsync("starting the platform", options.Seeds.Count, progress => RunAsync(options, bounds, figures, progress, stop));
        }
        finally
        {
            if (figures.Kinds.Count > 0)
            {
                report.Table(figures.Kinds);
                if (options.IsMarkdown)
                    report.Lines(MarkdownTable.Of(figures.Kinds));
            }
        }
    }

    private async Task<int> RunAsync(RunOptions options, Bounds bounds, Figures figures, ProgressTask progress, CancellationToken stop)
    {
        await using var stage = await Stage.PrepareAsync(options.Tenants, options.Mutant, report.Terminal, stop);
        report.Line($"{stage.Pods.Count} pods, {options.Tenants} tenants, {options.Rate} requests a second; healthy after {Show.Span(stage.Platform.TimeToHealthy)}");
        var found = 0;
        foreach (var seed in options.Seeds.All)
        {
            progress.Description = $"seed {seed} of {options.Seeds}";
            var run = new SeedRun(stage, bounds, options.Rate);
            RunHistory history;
            try
            {
                history = await progress.WhileAsync(steps: 1, run.Usually(options.Length), run.RunAsync(seed, options.Length, Mutants.Faults(options.Mutant), stop));
            }
            catch (Exception exception) when (!stop.IsCancellationRequested && exception is PlatformException or OperationCanceledException or HttpRequestException)
            {
                // It shows nothing, which is not the same as no violation; what the other seeds show stands.
                report.Line($"seed {seed}: NOT RUN: {exception.Message}");
                found++;
                continue;
            }

            var violations = Checker.Check(history, bounds);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(AuditLimit);
            var books = await new BooksAudit(stage).FindAsync(limit.Token);
            figures.Add(history);
            report.Line($"seed {seed}: {history.Answers.Count} answers, {history.Changes.Count - stage.Accounts.Count} changes, faults: {string.Join(", ", history.Faults.Select(fault => fault.Kind))}; violations {violations.Count + books.Count}");
            report.Violations(seed, violations, books);
            found += violations.Count + books.Count;
            if (options.Mutant is not null && found > 0)
                break;
        }

        progress.Value = progress.MaxValue;
        progress.Description = "stopping the platform";
        return found;
    }
}
