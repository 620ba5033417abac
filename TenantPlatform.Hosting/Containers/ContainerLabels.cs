namespace TenantPlatform.Hosting.Containers;

/// <summary>The labels of our containers and volumes.</summary>
internal static class ContainerLabels
{
    /// <summary>The AppHost that a container belongs to.</summary>
    public const string Owner = "tenant-platform.owner";

    /// <summary>The resource that a container is.</summary>
    public const string Resource = "tenant-platform.resource";
}
