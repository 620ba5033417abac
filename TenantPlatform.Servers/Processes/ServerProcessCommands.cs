using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace TenantPlatform.Servers;

/// <summary>Start, stop and restart of a server that runs as a process: Aspire's own commands, passed on to the process.</summary>
internal static class ServerProcessCommands
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(20);

    public static void AddTo(ServerProcessResource process)
    {
        Add(process, KnownResourceCommands.StartCommand, "Start", "Play", IconVariant.Filled, state => IsStopped(state) ? ResourceCommandState.Enabled : ResourceCommandState.Hidden, StartAsync);
        Add(process, KnownResourceCommands.StopCommand, "Stop", "Stop", IconVariant.Filled, state => IsRunning(state) ? ResourceCommandState.Enabled : ResourceCommandState.Hidden, StopAsync);
        Add(process, KnownResourceCommands.RestartCommand, "Restart", "ArrowCounterclockwise", IconVariant.Regular, state => IsRunning(state) ? ResourceCommandState.Enabled : ResourceCommandState.Disabled, RestartAsync);
    }

    private static void Add(
        ServerProcessResource process,
        string name,
        string displayName,
        string icon,
        IconVariant variant,
        Func<string?, ResourceCommandState> state,
        Func<ServerProcessResource, ResourceCommandService, IServiceProvider, CancellationToken, Task<ExecuteCommandResult>> execute) =>
        process.Server.Annotations.Add(new ResourceCommandAnnotation(
            name,
            displayName,
            updateState: context => state(context.ResourceSnapshot.State?.Text),
            executeCommand: context => execute(process, context.Services.GetRequiredService<ResourceCommandService>(), context.Services, context.CancellationToken),
            displayDescription: $"{displayName} the server's process.",
            parameter: null,
            confirmationMessage: null,
            iconName: icon,
            iconVariant: variant,
            isHighlighted: name != KnownResourceCommands.RestartCommand));

    private static Task<ExecuteCommandResult> StartAsync(ServerProcessResource process, ResourceCommandService commands, IServiceProvider services, CancellationToken cancellationToken) =>
        commands.ExecuteCommandAsync(process, KnownResourceCommands.StartCommand, cancellationToken);

    private static async Task<ExecuteCommandResult> StopAsync(
        ServerProcessResource process, ResourceCommandService commands, IServiceProvider services, CancellationToken cancellationToken)
    {
        var notifications = services.GetRequiredService<ResourceNotificationService>();
        if (ServerProcessMirror.ProcessId(notifications, process) is { } id && process.Program.TryStop(id))
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(EndLimit);
            try
            {
                await notifications.WaitForResourceAsync(process.Name, KnownResourceStates.TerminalStates, limit.Token);
                return CommandResults.Success();
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Not in order, then by force: what follows ends with SIGKILL.
            }
        }

        return await commands.ExecuteCommandAsync(process, KnownResourceCommands.StopCommand, cancellationToken);
    }

    private static async Task<ExecuteCommandResult> RestartAsync(
        ServerProcessResource process, ResourceCommandService commands, IServiceProvider services, CancellationToken cancellationToken)
    {
        var stopped = await StopAsync(process, commands, services, cancellationToken);
        return stopped.Success ? await StartAsync(process, commands, services, cancellationToken) : stopped;
    }

    private static bool IsStopped(string? state) => state is not null && (KnownResourceStates.TerminalStates.Contains(state, StringComparer.Ordinal) || state == KnownResourceStates.NotStarted);

    private static bool IsRunning(string? state) => state == KnownResourceStates.Running;
}
