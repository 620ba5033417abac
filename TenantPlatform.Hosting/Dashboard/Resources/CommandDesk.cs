using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Dashboard.Resources;

/// <summary>What can be done to resources, and the doing of it.</summary>
/// <param name="execute">Executes a command.</param>
internal sealed class CommandDesk(Func<IResource, string, CancellationToken, Task<ExecuteCommandResult>> execute)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>The commands of a resource in its present state; those that do not apply are left out.</summary>
    public static IReadOnlyList<CommandView> Of(IResource resource, CustomResourceSnapshot? snapshot)
    {
        if (resource is ParameterResource || snapshot?.State?.Text is not { } state)
            return [];
        var isUp = state is "Running" or "Waiting" or "Starting";
        var isBusy = state is "Stopping" or "Starting";
        return
        [
            new CommandView("start", "Start", "Start the resource", isUp || isBusy ? "disabled" : "enabled", Confirmation: null, IsHighlighted: true),
            new CommandView("stop", "Stop", "Stop it in order", isUp ? "enabled" : "disabled", Confirmation: null, IsHighlighted: true),
            new CommandView("restart", "Restart", "Stop it and start it again", state == "Running" ? "enabled" : "disabled", Confirmation: null, IsHighlighted: true),
        ];
    }

    /// <summary>Executes a command; never throws because the command failed.</summary>
    public async Task<ExecuteCommandResult> ExecuteAsync(IResource resource, string command, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            return await execute(resource, command, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new ExecuteCommandResult { Success = false, Message = $"'{command}' on '{resource.Name}' was not done within {Limit.TotalMinutes} minutes." };
        }
        catch (Exception exception)
        {
            return new ExecuteCommandResult { Success = false, Message = exception.Message };
        }
    }
}
