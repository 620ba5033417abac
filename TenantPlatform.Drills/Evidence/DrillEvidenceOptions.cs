namespace TenantPlatform.Drills;

/// <summary>What pods are asked while a drill is watched.</summary>
public sealed record DrillEvidenceOptions
{
    /// <summary>The service whose pods they are, as the tenant-manager names it.</summary>
    public string Service { get; init; } = "ledger";

    /// <summary>A request that takes the tenant's configuration and its database.</summary>
    public string Path { get; init; } = "/v1/organizations?limit=1";

    /// <summary>How long each pod is left alone between two requests.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>After how long a request counts as not answered.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(2);
}
