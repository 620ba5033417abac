namespace TenantManager.Console.Manager;

/// <summary>What the tiers hold.</summary>
public sealed record CacheOverview(IReadOnlyList<Primary> Primaries, IReadOnlyList<PodGroup> Services, PodGroup Total);
