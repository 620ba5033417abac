namespace TenantPlatform.FaultRuns.Checking;

/// <summary>One invariant.</summary>
internal interface ICheck
{
    /// <summary>The invariant's name.</summary>
    string Invariant { get; }

    /// <summary>The answers that break it, each with what is wrong.</summary>
    IEnumerable<Finding> Find(TenantHistory tenant, Timeline timeline, Bounds bounds);
}
