using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace TenantPlatform.Drills;

/// <summary>What can befall any process or container.</summary>
public static class ProcessDrills
{
    /// <summary>The command that kills a resource with SIGKILL: nothing is saved, nothing is said.</summary>
    public const string Kill = "kill";

    /// <summary>The command that freezes a resource (SIGSTOP): its ports and connections stay open and nothing answers.</summary>
    public const string Pause = "pause";

    /// <summary>The command that lets a frozen resource go on (SIGCONT).</summary>
    public const string Resume = "resume";

    private const string PausedProperty = "drill.paused";

    /// <summary>Gives a resource the commands <see cref="Kill"/>, <see cref="Pause"/> and <see cref="Resume"/>.</summary>
    /// <remarks>They act on the process whose id the resource shows, or on its container.</remarks>
    public static IResourceBuilder<T> WithDrills<T>(this IResourceBuilder<T> builder)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.WithCommand(Kill, "Kill", context => ActAsync(context, target => target.KillAsync(context.CancellationToken)), new CommandOptions
        {
            Description = "Ends it at once with SIGKILL.",
            ConfirmationMessage = "It ends at once. Whatever it is doing is lost.",
            IconName = "Flash",
            UpdateState = IsRunning,
        });
        builder.WithCommand(Pause, "Pause", context => ActAsync(context, target => PauseAsync(context, target, isPaused: true)), new CommandOptions
        {
            Description = "Freezes it: connections stay open, nothing answers.",
            IconName = "Pause",
            UpdateState = context => IsPaused(context.ResourceSnapshot) ? ResourceCommandState.Hidden : IsRunning(context),
        });
        return builder.WithCommand(Resume, "Resume", context => ActAsync(context, target => PauseAsync(context, target, isPaused: false)), new CommandOptions
        {
            Description = "Lets it go on.",
            IconName = "Play",
            UpdateState = context => IsPaused(context.ResourceSnapshot) ? IsRunning(context) : ResourceCommandState.Hidden,
        });
    }

    internal static ResourceCommandState IsRunning(UpdateCommandStateContext context) =>
        context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;

    private static bool IsPaused(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text == KnownResourceStates.Running && snapshot.Properties.Any(property => property.Name == PausedProperty);

    private static async Task<ExecuteCommandResult> ActAsync(ExecuteCommandContext context, Func<IDrillTarget, Task> act)
    {
        var notifications = context.Services.GetRequiredService<ResourceNotificationService>();
        if (!notifications.TryGetCurrentState(context.ResourceName, out var now) || DrillTarget.Of(now.Snapshot) is not { } target)
            return new ExecuteCommandResult { Success = false, Message = $"'{context.ResourceName}' shows neither a process nor a container." };
        await act(target);
        return new ExecuteCommandResult { Success = true };
    }

    private static async Task PauseAsync(ExecuteCommandContext context, IDrillTarget target, bool isPaused)
    {
        var notifications = context.Services.GetRequiredService<ResourceNotificationService>();
        await (isPaused ? target.PauseAsync(context.CancellationToken) : target.ResumeAsync(context.CancellationToken));
        if (!notifications.TryGetCurrentState(context.ResourceName, out var now))
            return;
        await notifications.PublishUpdateAsync(now.Resource, context.ResourceName, snapshot =>
        {
            var others = snapshot.Properties.Where(property => property.Name != PausedProperty);
            return snapshot with { Properties = isPaused ? [.. others, new ResourcePropertySnapshot(PausedProperty, Value: true)] : [.. others] };
        });
    }
}
