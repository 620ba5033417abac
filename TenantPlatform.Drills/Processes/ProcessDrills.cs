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

    /// <summary>Gives a resource the drills <see cref="Kill"/>, <see cref="Pause"/> and <see cref="Resume"/>.</summary>
    /// <remarks>They act on the service itself, also where the resource shows <c>dotnet run</c>, or on its container.</remarks>
    public static IResourceBuilder<T> WithDrills<T>(this IResourceBuilder<T> builder)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        var name = builder.Resource.Name;
        return builder
            .WithDrill(Kill, "Kill", context => KillAsync(context, name), new CommandOptions
            {
                Description = "Ends it at once with SIGKILL.",
                ConfirmationMessage = $"Kill {name}? Whatever it is doing is lost. Start brings it back.",
                IconName = "Flash",
            })
            .WithDrill(Pause, "Pause", context => PauseAsync(context, name), new CommandOptions
            {
                Description = "Freezes it: connections stay open, nothing answers.",
                IconName = "Pause",
                UpdateState = context => IsPaused(context.ResourceSnapshot) ? ResourceCommandState.Hidden : DrillExtensions.IsRunning(context),
            })
            .WithDrill(Resume, "Resume", context => ResumeAsync(context, name), new CommandOptions
            {
                Description = "Lets it go on.",
                IconName = "Play",
                UpdateState = context => IsPaused(context.ResourceSnapshot) ? DrillExtensions.IsRunning(context) : ResourceCommandState.Hidden,
            });
    }

    private static async Task<string> KillAsync(ExecuteCommandContext context, string name)
    {
        var target = DrillTarget.Of(context);
        await target.KillAsync(context.CancellationToken);
        return $"{name} ({target}) was killed.";
    }

    private static async Task<string> PauseAsync(ExecuteCommandContext context, string name)
    {
        var target = DrillTarget.Of(context);
        await target.PauseAsync(context.CancellationToken);
        await MarkAsync(context, isPaused: true);
        return $"{name} ({target}) is frozen.";
    }

    private static async Task<string> ResumeAsync(ExecuteCommandContext context, string name)
    {
        var target = DrillTarget.Of(context);
        await target.ResumeAsync(context.CancellationToken);
        await MarkAsync(context, isPaused: false);
        return $"{name} ({target}) goes on.";
    }

    // The mark names the run that was frozen: the next one is not.
    private static bool IsPaused(CustomResourceSnapshot snapshot) =>
        snapshot.Properties.FirstOrDefault(property => property.Name == PausedProperty)?.Value is string run && run == DrillTarget.Identity(snapshot);

    private static async Task MarkAsync(ExecuteCommandContext context, bool isPaused)
    {
        var notifications = context.Services.GetRequiredService<ResourceNotificationService>();
        if (!notifications.TryGetCurrentState(context.ResourceName, out var now))
            return;
        await notifications.PublishUpdateAsync(now.Resource, context.ResourceName, snapshot =>
        {
            var others = snapshot.Properties.Where(property => property.Name != PausedProperty);
            return snapshot with { Properties = isPaused ? [.. others, new ResourcePropertySnapshot(PausedProperty, DrillTarget.Identity(snapshot))] : [.. others] };
        });
    }
}
