using TenantManager.Contracts.Pods;

namespace TenantManager.Api.Pods;

/// <summary>The pods that are there, by service and summed.</summary>
internal sealed record PodList(IReadOnlyList<PodReport> Pods, IReadOnlyList<PodGroup> Services, PodGroup Total);
