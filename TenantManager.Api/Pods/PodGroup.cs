using TenantManager.Contracts.Pods;

namespace TenantManager.Api.Pods;

/// <summary>Pods taken together: those of a service, or all.</summary>
internal sealed record PodGroup
{
    /// <summary>The service; null for all services.</summary>
    public string? Service { get; init; }

    public int Pods { get; init; }

    /// <summary>Pods whose readiness checks all went well.</summary>
    public int Healthy { get; init; }

    /// <summary>Pods whose L1 may have missed a change at this moment.</summary>
    public int Unproven { get; init; }

    /// <summary>Connections of pods to tenants: a tenant counts once for each pod that serves it.</summary>
    public int Tenants { get; init; }

    public IReadOnlyList<TierReport> Tiers { get; init; } = [];

    /// <summary>What their HTTP caches do, by route.</summary>
    public IReadOnlyList<RouteReport> Routes { get; init; } = [];

    public static PodGroup Of(string? service, IReadOnlyList<PodReport> pods) => new()
    {
        Service = service,
        Pods = pods.Count,
        Healthy = pods.Count(static pod => pod.Health == "healthy"),
        Unproven = pods.Count(static pod => pod.Coherence == "unproven"),
        Tenants = (int)Math.Min(int.MaxValue, pods.Total(static pod => pod.Tenants)),
        Tiers = [Sum(TierReport.L1, pods), Sum(TierReport.L2, pods)],
        Routes =
        [
            .. pods.SelectMany(static pod => pod.Routes).GroupBy(static route => route.Route, StringComparer.Ordinal)
                .OrderBy(static route => route.Key, StringComparer.Ordinal).Select(static route => Sum(route.Key, [.. route])),
        ],
    };

    /// <summary>The services' groups, by name.</summary>
    public static IReadOnlyList<PodGroup> ByService(IEnumerable<PodReport> pods) =>
        [.. pods.GroupBy(static pod => pod.Service, StringComparer.Ordinal).OrderBy(static service => service.Key, StringComparer.Ordinal).Select(static service => Of(service.Key, [.. service]))];

    private static RouteReport Sum(string route, IReadOnlyList<RouteReport> pods) => new(
        route,
        pods.Total(static one => one.Hits),
        pods.Total(static one => one.StaleHits),
        pods.Total(static one => one.Misses),
        pods.Total(static one => one.Bypassed),
        pods.Total(static one => one.SavedBytes));

    private static TierReport Sum(string tier, IReadOnlyList<PodReport> pods)
    {
        var all = pods.SelectMany(static pod => pod.Tiers).Where(report => report.Tier == tier).ToList();
        return new TierReport
        {
            Tier = tier,
            Entries = tier == TierReport.L1 ? all.Total(static report => report.Entries ?? 0) : null,
            Bytes = tier == TierReport.L1 ? all.Total(static report => report.Bytes ?? 0) : null,
            Hits = all.Total(static report => report.Hits),
            StaleHits = all.Total(static report => report.StaleHits),
            Misses = all.Total(static report => report.Misses),
            Evictions = tier == TierReport.L1 ? all.Total(static report => report.Evictions ?? 0) : null,
            Rejected = all.Total(static report => report.Rejected),
        };
    }
}
