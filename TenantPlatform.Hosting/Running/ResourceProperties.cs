namespace TenantPlatform.Hosting.Running;

/// <summary>The names of the facts that snapshots carry.</summary>
internal static class ResourceProperties
{
    /// <summary>The process id, as Aspire names it.</summary>
    public const string ProcessId = "executable.pid";

    /// <summary>What runs: a program and where it came from.</summary>
    public const string Origin = "resource.source";

    /// <summary>Why the resource failed.</summary>
    public const string Failure = "resource.failure";
}
