using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Running;

/// <summary>Start, stop and restart, as every resource that runs has them.</summary>
internal static class LifecycleCommands
{
    public static void AddTo(IResource resource, Orchestrator orchestrator)
    {
        Add(KnownResourceCommands.StartCommand, "Start", "Starts it.", "Play", confirmation: null, CanStart, (controller, stop) => controller.StartAsync(stop));
        Add(KnownResourceCommands.StopCommand, "Stop", "Stops it in order.", "Stop", confirmation: null, CanStop, (controller, stop) => controller.StopAsync(stop));
        Add(KnownResourceCommands.RestartCommand, "Restart", "Stops it and starts it again.", "ArrowCounterclockwise", confirmation: null, CanRestart, RestartAsync);

        void Add(
            string name, string displayName, string description, string icon, string? confirmation,
            Func<string?, bool> canExecute, Func<ResourceController, CancellationToken, Task> execute) => resource.Annotations.Add(new ResourceCommandAnnotation(
                name,
                displayName,
                context => canExecute(context.ResourceSnapshot.State?.Text) ? ResourceCommandState.Enabled : ResourceCommandState.Hidden,
                async context =>
                {
                    await execute(orchestrator.Require(context.ResourceName), context.CancellationToken);
                    return CommandResults.Success();
                },
                description,
                parameter: null,
                confirmation,
                icon,
                IconVariant.Filled,
                isHighlighted: true));
    }

    private static bool CanStart(string? state) => state is null or "NotStarted" or "Exited" or "Finished" or "FailedToStart" or "ValueMissing";

    // A resource that waits or is being started can be given up.
    private static bool CanStop(string? state) => state is "Running" or "Starting" or "Waiting";

    // One that ended can be restarted as well: that is what people mean.
    private static bool CanRestart(string? state) => state is not null and not "NotStarted" and not "Stopping";

    private static async Task RestartAsync(ResourceController controller, CancellationToken cancellationToken)
    {
        await controller.StopAsync(cancellationToken);
        await controller.StartAsync(cancellationToken);
    }
}
