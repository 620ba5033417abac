using TenantManager.Contracts.Diagnostics;

namespace TenantManager.Console.Manager;

/// <summary>What a pod would answer a tenant on at this moment, or why that is not known.</summary>
public sealed record PodBasis(string Service, string Instance, TenantBasis? Basis, string? Problem, double TookMs);
