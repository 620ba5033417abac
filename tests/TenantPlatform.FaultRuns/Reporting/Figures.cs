using TenantPlatform.FaultRuns.Checking;
using TenantPlatform.FaultRuns.Faults;
using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Reporting;

/// <summary>Measures histories, by the kind of fault that was at work or had been last.</summary>
internal sealed class Figures(Bounds bounds)
{
    private readonly SortedDictionary<string, FaultFigures> _kinds = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, FaultFigures> Kinds => _kinds;

    public void Add(RunHistory history)
    {
        var timeline = new Timeline(history.Faults, bounds);
        foreach (var fault in history.Faults)
            Of(fault.Kind).Faults++;
        foreach (var tenant in TenantHistory.Of(history))
        {
            foreach (var answer in tenant.Answers)
            {
                Add(answer, tenant.Missed(answer), At(history, answer.Sent));
                if (Failures.IsOfTheDatabase(tenant, answer))
                    At(history, answer.Sent).OfDatabases++;
            }

            foreach (var (answer, isSourceAway) in Failures.Unexcused(tenant, timeline, bounds))
            {
                if (!isSourceAway)
                    At(history, answer.Sent).Failures++;
            }

            foreach (var suspension in tenant.Changes.Where(change => change is { Kind: ChangeKind.Suspend, IsAnnounced: true }))
                At(history, suspension.Acknowledged).Denials.Add(LastServed(tenant, suspension));
        }
    }

    private static void Add(Answer answer, Change? missed, FaultFigures figures)
    {
        figures.Requests++;
        if (missed is not null && answer.IsServed)
            figures.Stale.Add(answer.Sent - missed.Acknowledged);
    }

    private static TimeSpan LastServed(TenantHistory tenant, Change suspension)
    {
        var until = tenant.ReactivationAfter(suspension)?.Sent ?? TimeSpan.MaxValue;
        return tenant.Answers
            .Where(answer => answer.IsServed && answer.Received > suspension.Acknowledged && answer.Received < until)
            .Select(answer => answer.Received - suspension.Acknowledged)
            .DefaultIfEmpty(TimeSpan.Zero)
            .Max();
    }

    /// <summary>The figures of the latest fault that had begun by then.</summary>
    private FaultFigures At(RunHistory history, TimeSpan at) => Of(history.Faults.LastOrDefault(fault => fault.Began <= at)?.Kind ?? FaultCatalog.None);

    private FaultFigures Of(string kind)
    {
        if (!_kinds.TryGetValue(kind, out var figures))
            _kinds[kind] = figures = new FaultFigures();
        return figures;
    }
}
