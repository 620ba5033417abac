namespace TenantManager.Api.Pods;

/// <summary>What the pods that are there would answer a tenant on.</summary>
/// <param name="Asked">Whether pods are asked at all: it takes MULTI_TENANT_DIAGNOSTICS_KEY, here and in the pods.</param>
/// <param name="Pods">Their answers, by service and name.</param>
internal sealed record PodBases(bool Asked, IReadOnlyList<PodBasis> Pods);
