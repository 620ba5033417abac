namespace TenantPlatform.FaultRuns.Soak;

/// <summary>What is asked for a tenant that passes through.</summary>
internal enum ChurnKind
{
    /// <summary>The gateway admits it, by its configuration, and a pod has nothing at the path that is asked for.</summary>
    Admitted,

    /// <summary>It is suspended: a pod refuses it.</summary>
    Refused,

    /// <summary>Through the gateway a pod reads from its database, for which it opens a pool.</summary>
    Served,
}
