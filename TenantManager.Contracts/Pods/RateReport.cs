namespace TenantManager.Contracts.Pods;

/// <summary>How a pod's service limits its tenants' requests, and what this pod has decided by it.</summary>
public sealed record RateReport
{
    /// <summary>Whether anything is limited.</summary>
    public bool IsEnabled { get; init; }

    /// <summary>Among how many pods limits are divided while Valkey is away.</summary>
    public int Instances { get; init; }

    /// <summary>The tiers, by name.</summary>
    public IReadOnlyList<RateTierReport> Tiers { get; init; } = [];
}
