using TenantManager.Contracts.Pods;

namespace TenantManager.Console.Manager;

/// <summary>The pods that are there.</summary>
public sealed record PodList(IReadOnlyList<PodReport> Pods, IReadOnlyList<PodGroup> Services, PodGroup Total);
