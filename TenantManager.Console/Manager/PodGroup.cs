using TenantManager.Contracts.Pods;

namespace TenantManager.Console.Manager;

/// <summary>Pods taken together: those of a service, or all.</summary>
public sealed record PodGroup(string? Service, int Pods, int Healthy, int Unproven, int Tenants, IReadOnlyList<TierReport> Tiers)
{
    /// <summary>What their HTTP caches do, by route; none where they have no such cache, or the tenant-manager is of an earlier version.</summary>
    public IReadOnlyList<RouteReport> Routes { get; init; } = [];
}
