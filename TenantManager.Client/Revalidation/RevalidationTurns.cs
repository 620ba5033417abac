using TenantManager.Contracts;

namespace TenantManager.Client.Revalidation;

/// <summary>
/// Who is revalidated when: each tenant once per interval, or hardly ever where the change feed makes it needless. When the feed
/// fails, everybody is asked about before an interval has gone since it told of everything.
/// </summary>
/// <remarks>Not for concurrent use. Moments are counted in intervals since the clock's beginning.</remarks>
internal sealed class RevalidationTurns(TimeSpan interval, TimeSpan slowInterval)
{
    private readonly RevalidationSchedule _usual = new(interval);
    private readonly RevalidationSchedule _slow = new(slowInterval);
    private readonly double _slowIntervals = slowInterval / interval;
    private bool _wasCovered;

    /// <summary>Those due in a part of time, as lengths from its beginning; when the feed has failed in it, also those who are due after it, from its end.</summary>
    /// <param name="tenants">The connected tenants, and whether the feed would tell of whatever becomes of each.</param>
    /// <param name="begin">Where the part begins; not part of it.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="isCovered">Whether the feed tells of changes.</param>
    /// <param name="known">Up to when it has told of them; null: it never has.</param>
    public IReadOnlyList<(TenantId Tenant, TimeSpan Due)> Between(
        IReadOnlyCollection<(TenantId Tenant, bool IsSettled)> tenants, double begin, double end, bool isCovered, double? known)
    {
        var hasLost = _wasCovered && !isCovered;
        _wasCovered = isCovered;
        if (isCovered)
        {
            var unsettled = _usual.Between(tenants.Where(one => !one.IsSettled).Select(one => one.Tenant), begin, end);
            var settled = _slow.Between(tenants.Where(one => one.IsSettled).Select(one => one.Tenant), begin / _slowIntervals, end / _slowIntervals);
            return settled.Count == 0 ? unsettled : [.. unsettled.Concat(settled).OrderBy(turn => turn.Due)];
        }

        var all = tenants.Select(one => one.Tenant).ToList();
        var due = _usual.Between(all, begin, end);
        return hasLost && known is { } moment ? [.. due.Concat(_usual.CatchUp(all, end, moment)).OrderBy(turn => turn.Due)] : due;
    }

    /// <inheritdoc cref="RevalidationSchedule.AfterLoss"/>
    public IReadOnlyList<(TenantId Tenant, TimeSpan Due)> AfterLoss(IReadOnlyList<TenantId> tenants) => _usual.AfterLoss(tenants);
}
