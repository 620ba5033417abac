using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Checking;

/// <summary>What happened to one tenant.</summary>
internal sealed class TenantHistory(int tenant, IEnumerable<Change> changes, IEnumerable<Answer> answers)
{
    public int Tenant { get; } = tenant;

    /// <summary>In the order in which they were made.</summary>
    public IReadOnlyList<Change> Changes { get; } = [.. changes.OrderBy(change => change.Sent)];

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<Answer> Answers { get; } = [.. answers.OrderBy(answer => answer.Received)];

    /// <summary>The next change that lets the tenant be served again after this one; null: none.</summary>
    public Change? ReactivationAfter(Change suspension) =>
        Changes.FirstOrDefault(change => change.Kind == ChangeKind.Reactivate && change.Sent >= suspension.Acknowledged);

    /// <summary>
    /// A reactivation that was on its way when the suspension was made, and came after it, as its revision tells: its answer was
    /// long in coming, or lost. Null: none.
    /// </summary>
    public Change? ReactivationUnderWay(Change suspension) => Changes
        .Where(change => change.Kind == ChangeKind.Reactivate && change.Sent < suspension.Acknowledged && change.Revision > suspension.Revision)
        .MinBy(change => change.Revision);

    /// <summary>Whether the tenant was, or may have been, suspended at some moment of the span.</summary>
    public bool MayBeSuspended(TimeSpan from, TimeSpan to) => Changes.Any(change =>
        change.Kind == ChangeKind.Suspend && change.Sent <= to && (ReactivationAfter(change) is not { } end || end.Acknowledged >= from));

    /// <summary>The first change acknowledged before the request left that the answer does not know of; null: it is up to date.</summary>
    public Change? Missed(Answer answer) => answer.Revision is { } revision
        ? Changes.FirstOrDefault(change => change.Revision > revision && change.Acknowledged <= answer.Sent)
        : null;

    public static IReadOnlyList<TenantHistory> Of(RunHistory history)
    {
        var changes = history.Changes.ToLookup(change => change.Tenant);
        var answers = history.Answers.ToLookup(answer => answer.Tenant);
        return [.. changes.Select(group => group.Key).Union(answers.Select(group => group.Key)).Order()
            .Select(tenant => new TenantHistory(tenant, changes[tenant], answers[tenant]))];
    }
}
