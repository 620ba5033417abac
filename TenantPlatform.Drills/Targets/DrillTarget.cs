using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Drills;

/// <summary>Finds what a resource runs as, from what it shows.</summary>
internal static class DrillTarget
{
    /// <summary>The resource's process or container; null when it shows neither.</summary>
    public static IDrillTarget? Of(CustomResourceSnapshot snapshot)
    {
        if (Property(snapshot, "container.id") is { Length: > 0 } container)
            return new ContainerTarget(Property(snapshot, "container.engine") ?? Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME") ?? "docker", container);
        return int.TryParse(Property(snapshot, "executable.pid"), CultureInfo.InvariantCulture, out var pid) && pid > 1 ? new ProcessTarget(pid) : null;
    }

    private static string? Property(CustomResourceSnapshot snapshot, string name) =>
        Convert.ToString(snapshot.Properties.FirstOrDefault(property => property.Name == name)?.Value, CultureInfo.InvariantCulture) is { Length: > 0 } value ? value : null;
}
