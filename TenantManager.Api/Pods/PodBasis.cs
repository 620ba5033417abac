using TenantManager.Contracts.Diagnostics;

namespace TenantManager.Api.Pods;

/// <summary>What a pod would answer a tenant on at this moment, or why that is not known.</summary>
/// <param name="Service">The pod's service.</param>
/// <param name="Instance">The pod.</param>
/// <param name="Basis">What it said.</param>
/// <param name="Problem">Why it said nothing.</param>
/// <param name="TookMs">How long it took to say so.</param>
internal sealed record PodBasis(string Service, string Instance, TenantBasis? Basis, string? Problem, double TookMs);
