namespace TenantManager.Console.Manager;

/// <summary>What the pods would answer a tenant on.</summary>
public sealed record PodBases(bool Asked, IReadOnlyList<PodBasis> Pods);
