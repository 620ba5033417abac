namespace TenantPlatform.FaultRuns.Versions;

/// <summary>Which of two builds a pod runs.</summary>
internal enum PodVersion
{
    /// <summary>This repository's present one.</summary>
    Present,

    /// <summary>The one beside it.</summary>
    Other,
}
