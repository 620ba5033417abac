using TenantManager.Contracts.Diagnostics;

namespace TenantPlatform.Observer.Pods;

/// <summary>What came of asking a pod: its basis, or none because it is away or refuses to tell.</summary>
internal readonly record struct PodAnswer(TenantBasis? Basis, bool IsRefused)
{
    public static PodAnswer Away => default;

    public static PodAnswer Refused => new(Basis: null, IsRefused: true);
}
