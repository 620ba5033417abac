namespace TenantPlatform.FaultRuns.History;

/// <summary>What a fault takes away while it lasts.</summary>
[Flags]
internal enum Reach
{
    None = 0,

    /// <summary>Events and pushes may not arrive.</summary>
    Delivery = 1,

    /// <summary>The tenant-manager may not answer.</summary>
    Source = 2,

    /// <summary>The pod itself does not answer.</summary>
    Pod = 4,

    /// <summary>What was in L2 may be gone, or be unreachable.</summary>
    SharedTier = 8,

    /// <summary>The pod's process is another one afterwards.</summary>
    Process = 16,

    /// <summary>In L2 there may be what the tenant-manager never said.</summary>
    Truth = 32,
}
