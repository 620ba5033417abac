using TenantManager.Contracts;

namespace TenantManager.Client.Revalidation;

/// <summary>
/// Whose turn it is when. Each connected tenant has one per interval; while the change feed covers it, that is a look at the caches
/// rather than a question, and a question comes once per slow interval. When the feed fails, everybody has a turn before an interval
/// has gone since it told of everything.
/// </summary>
/// <remarks>Not for concurrent use. Moments are counted in intervals since the clock's beginning.</remarks>
internal sealed class RevalidationTurns(TimeSpan interval, TimeSpan slowInterval)
{
    private readonly RevalidationSchedule _usual = new(interval);
    private readonly RevalidationSchedule _slow = new(slowInterval);
    private readonly double _slowIntervals = slowInterval / interval;
    private bool _wasCovered;

    /// <summary>Whether the feed told of changes when it was looked last, and does not now.</summary>
    public bool HasLost(bool isCovered) => _wasCovered && !isCovered;

    /// <summary>Those due in a part of time, as lengths from its beginning; when the feed has failed in it, also those who are due after it, from its end.</summary>
    /// <param name="tenants">The connected tenants; the most recently used first when the feed has failed.</param>
    /// <param name="begin">Where the part begins; not part of it.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="isCovered">Whether the feed tells of changes.</param>
    /// <param name="known">Up to when it has told of them; null: it never has.</param>
    public IReadOnlyList<(TenantId Tenant, TimeSpan Due)> Between(IReadOnlyList<TenantId> tenants, double begin, double end, bool isCovered, double? known)
    {
        var hasLost = HasLost(isCovered);
        _wasCovered = isCovered;
        var due = _usual.Between(tenants, begin, end);
        return hasLost && known is { } moment ? [.. due.Concat(_usual.CatchUp(tenants, end, moment)).OrderBy(turn => turn.Due)] : due;
    }

    /// <summary>Those who are asked about in a part of time whatever the feed tells: the net under it.</summary>
    /// <inheritdoc cref="Between"/>
    public IReadOnlyList<(TenantId Tenant, TimeSpan Due)> Slow(IReadOnlyList<TenantId> tenants, double begin, double end) =>
        _slow.Between(tenants, begin / _slowIntervals, end / _slowIntervals);

    /// <inheritdoc cref="RevalidationSchedule.AfterLoss"/>
    public IReadOnlyList<(TenantId Tenant, TimeSpan Due)> AfterLoss(IReadOnlyList<TenantId> tenants) => _usual.AfterLoss(tenants);
}
