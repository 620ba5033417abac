using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Drills;

/// <summary>Makes a drill a command of a resource.</summary>
public static class DrillExtensions
{
    /// <summary>
    /// Gives a resource a drill: a command that does something to it, waits until that has taken effect, and answers with what the
    /// pods did meanwhile and for <c>Drills:Watch</c> (5 s; zero: not at all) afterwards.
    /// </summary>
    /// <param name="builder">The resource.</param>
    /// <param name="name">The command's name.</param>
    /// <param name="displayName">Its name for people.</param>
    /// <param name="act">
    /// Does it, and returns as one sentence what was done to what. What it cannot do it tells by a <see cref="DrillException"/>.
    /// </param>
    /// <param name="options">How the command is shown.</param>
    public static IResourceBuilder<T> WithDrill<T>(
        this IResourceBuilder<T> builder, string name, string displayName, Func<ExecuteCommandContext, Task<string>> act, CommandOptions options)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(act);
        ArgumentNullException.ThrowIfNull(options);
        options.UpdateState ??= IsRunning;
        options.Progress ??= new CommandProgressOptions { Title = $"{displayName}: {builder.Resource.Name}", Message = "The pods are being watched meanwhile." };
        return builder.WithCommand(name, displayName, context => DrillRun.ExecuteAsync(context, act), options);
    }

    internal static ResourceCommandState IsRunning(UpdateCommandStateContext context) =>
        context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;
}
