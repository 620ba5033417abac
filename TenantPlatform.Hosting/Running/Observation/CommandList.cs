using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Running;

/// <summary>What can be done now, as text: a resource or replica a line, with its commands. For <c>eng/drill</c>.</summary>
internal static class CommandList
{
    public static string Of(DistributedApplicationModel model, ResourceNotificationService notifications)
    {
        var lines = from resource in model.Resources
                    from id in ReplicaIds.Of(resource)
                    let commands = notifications.TryGetCurrentState(id, out var now) ? now.Snapshot.Commands : []
                    let enabled = commands.Where(command => command.State == ResourceCommandState.Enabled).Select(command => command.Name)
                    where enabled.Any()
                    select $"{id,-22} {string.Join(' ', enabled)}\n";
        return string.Concat(lines);
    }
}
