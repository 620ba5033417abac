namespace TenantPlatform.FaultRuns.History;

/// <summary>What was done to a tenant.</summary>
internal enum ChangeKind
{
    /// <summary>It exists, with the revision it has at the beginning.</summary>
    Begin,

    Suspend,

    Reactivate,

    Rotate,

    /// <summary>Nothing changed; every pod was asked to look again.</summary>
    Invalidate,
}
