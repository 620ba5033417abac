using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace TenantPlatform.Drills;

/// <summary>Finds what a resource runs as, from what it shows.</summary>
internal static class DrillTarget
{
    /// <summary>The process or container of the resource whose command it is.</summary>
    /// <exception cref="DrillException">It shows neither.</exception>
    public static IDrillTarget Of(ExecuteCommandContext context) =>
        context.Services.GetRequiredService<ResourceNotificationService>().TryGetCurrentState(context.ResourceName, out var now) && Of(now.Snapshot) is { } target
            ? target
            : throw new DrillException($"'{context.ResourceName}' shows neither a process nor a container: start it first.");

    /// <summary>The resource's process or container; null when it shows neither.</summary>
    public static IDrillTarget? Of(CustomResourceSnapshot snapshot) =>
        Container(snapshot) is { } container
            ? new ContainerTarget(Property(snapshot, "container.engine") ?? Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME") ?? "docker", container)
            : int.TryParse(Pid(snapshot), CultureInfo.InvariantCulture, out var pid) && pid > 1 ? new ProcessTarget(ProcessTree.Service(pid)) : null;

    /// <summary>What tells one run of a resource from the next.</summary>
    public static string? Identity(CustomResourceSnapshot snapshot) => Container(snapshot) ?? Pid(snapshot);

    private static string? Container(CustomResourceSnapshot snapshot) => Property(snapshot, "container.id");

    private static string? Pid(CustomResourceSnapshot snapshot) => Property(snapshot, "executable.pid");

    private static string? Property(CustomResourceSnapshot snapshot, string name) =>
        Convert.ToString(snapshot.Properties.FirstOrDefault(property => property.Name == name)?.Value, CultureInfo.InvariantCulture) is { Length: > 0 } value ? value : null;
}
