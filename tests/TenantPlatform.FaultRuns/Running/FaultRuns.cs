using TenantPlatform.FaultRuns.Checking;
using TenantPlatform.FaultRuns.Reporting;

namespace TenantPlatform.FaultRuns.Running;

/// <summary>Runs seeds one after another on one platform.</summary>
internal sealed class FaultRuns(Report report)
{
    private static readonly TimeSpan AuditLimit = TimeSpan.FromMinutes(2);

    /// <summary>Returns how many violations were found.</summary>
    public async Task<int> RunAsync(RunOptions options)
    {
        await using var stage = await Stage.PrepareAsync(options.Tenants, options.Mutant);
        report.Line($"{stage.Pods.Count} pods, {options.Tenants} tenants, {options.Rate} requests a second; healthy after {Show.Span(stage.Platform.TimeToHealthy)}");
        var bounds = new Bounds();
        var figures = new Figures(bounds);
        var found = 0;
        for (var seed = options.FirstSeed; seed <= options.LastSeed; seed++)
        {
            var history = await new SeedRun(stage, bounds, options.Rate).RunAsync(seed, options.Length, Mutants.Faults(options.Mutant));
            var violations = Checker.Check(history, bounds);
            using var limit = new CancellationTokenSource(AuditLimit);
            var books = await new BooksAudit(stage).FindAsync(limit.Token);
            figures.Add(history);
            report.Line($"seed {seed}: {history.Answers.Count} answers, {history.Changes.Count - stage.Accounts.Count} changes, faults: {string.Join(", ", history.Faults.Select(fault => fault.Kind))}; violations {violations.Count + books.Count}");
            report.Violations(seed, violations, books);
            found += violations.Count + books.Count;
            if (options.Mutant is not null && found > 0)
                break;
        }

        report.Table(figures.Kinds);
        return found;
    }
}
