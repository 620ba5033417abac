using TenantManager.Contracts.Pods;

namespace TenantManager.Console.Manager;

/// <summary>The tenant-manager's own rate limits as they are set.</summary>
public sealed record RateLimits(string Instance, bool IsEnabled, int Instances, IReadOnlyList<RateTierReport> Tiers);
