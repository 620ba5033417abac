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

    /// <summary>The last lines of a resource that failed.</summary>
    public const string LastLines = "resource.lastLines";

    /// <summary>The value of a parameter.</summary>
    public const string Value = "Value";

    /// <summary>A container's id, as Aspire names it.</summary>
    public const string ContainerId = "container.id";

    /// <summary>A container's image, as Aspire names it.</summary>
    public const string ContainerImage = "container.image";

    /// <summary>The program that commands the container's engine.</summary>
    public const string ContainerEngine = "container.engine";
}
