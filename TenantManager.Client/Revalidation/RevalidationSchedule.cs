using TenantManager.Contracts;

namespace TenantManager.Client.Revalidation;

/// <summary>
/// When each tenant is revalidated, so that pods which begin at the same moment do not ask the tenant-manager together: 500 pods
/// with 2 000 tenants each are a million questions.
/// </summary>
internal sealed class RevalidationSchedule(TimeSpan interval)
{
    /// <summary>After a loss of events no pod asks faster than this, unless half an interval is too short for it.</summary>
    private const int MostPerSecond = 50;

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200);
    private readonly int _seed = Random.Shared.Next();

    /// <summary>
    /// Those due in a part of time, as lengths from its beginning. Each tenant has its own place in the interval, another in each
    /// pod: so it is due exactly once per interval, whoever comes and goes beside it, and all pods together ask evenly.
    /// </summary>
    /// <param name="tenants">The tenants.</param>
    /// <param name="begin">Where the part begins, in intervals since the clock's beginning; not part of it.</param>
    /// <param name="end">Where it ends. Who is due several times in it is due at the first.</param>
    public IReadOnlyList<(TenantId Tenant, TimeSpan Due)> Between(IEnumerable<TenantId> tenants, double begin, double end) =>
        [.. tenants.Select(tenant => (Tenant: tenant, At: Next(tenant, begin))).Where(turn => turn.At <= end).OrderBy(turn => turn.At)
            .Select(turn => (turn.Tenant, interval * (turn.At - begin)))];

    /// <summary>
    /// After a loss of events: in the order given, which is the most recently used first, at <see cref="MostPerSecond"/>, but within
    /// half an interval, so that a change that went untold is acted on sooner than by turn.
    /// </summary>
    public IReadOnlyList<(TenantId Tenant, TimeSpan Due)> AfterLoss(IReadOnlyList<TenantId> tenants)
    {
        var spread = TimeSpan.FromSeconds((double)tenants.Count / MostPerSecond);
        if (spread > interval / 2)
            spread = interval / 2;
        if (spread < Shortest)
            spread = Shortest;
        return [.. tenants.Select((tenant, n) => (tenant, spread * ((n + Random.Shared.NextDouble()) / tenants.Count)))];
    }

    /// <summary>
    /// When nothing tells of changes any more: those whose own place comes later than one interval after everything was known, in
    /// what is left until then. The others need no turn beside their own.
    /// </summary>
    /// <param name="tenants">The tenants, the most recently used first.</param>
    /// <param name="now">In intervals since the clock's beginning.</param>
    /// <param name="known">When everything was known, likewise.</param>
    public IReadOnlyList<(TenantId Tenant, TimeSpan Due)> CatchUp(IReadOnlyList<TenantId> tenants, double now, double known)
    {
        var last = known + 1;
        if (last <= now)
            return AfterLoss(tenants);
        return [.. tenants.Select(tenant => (Tenant: tenant, Late: Next(tenant, now) - last)).Where(turn => turn.Late > 0).OrderBy(turn => turn.Late)
            .Select(turn => (turn.Tenant, interval * (turn.Late / (now - known) * (last - now))))];
    }

    private double Next(TenantId tenant, double begin)
    {
        var place = (uint)HashCode.Combine(_seed, tenant) / (uint.MaxValue + 1.0);
        return place + Math.Floor(begin - place) + 1;
    }
}
