namespace TenantManager.Console.Manager;

/// <summary>Rate limits as they are set.</summary>
public sealed record RateLimits(string Instance, bool IsEnabled, int Instances, IReadOnlyList<RateTier> Tiers);
