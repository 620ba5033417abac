using TenantPlatform.Hosting.Running;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Executes commands on resources.</summary>
public class ResourceCommandService
{
    private readonly Orchestrator _orchestrator;

    internal ResourceCommandService(Orchestrator orchestrator) => _orchestrator = orchestrator;

    /// <summary>Executes a command; returns when it is done. Never throws because the command failed.</summary>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return ExecuteCommandAsync(resource.Name, commandName, cancellationToken);
    }

    /// <inheritdoc cref="ExecuteCommandAsync(IResource, string, CancellationToken)"/>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        if (_orchestrator.Find(resourceId) is not { } controller)
            return new ExecuteCommandResult { Success = false, Message = $"There is no resource '{resourceId}' that can be started and stopped." };
        try
        {
            switch (commandName)
            {
                case "start":
                    await controller.StartAsync(cancellationToken);
                    break;
                case "stop":
                    await controller.StopAsync(cancellationToken);
                    break;
                case "restart":
                    await controller.StopAsync(cancellationToken);
                    await controller.StartAsync(cancellationToken);
                    break;
                default:
                    return new ExecuteCommandResult { Success = false, Message = $"'{resourceId}' has no command '{commandName}': it has start, stop and restart." };
            }

            return new ExecuteCommandResult { Success = true };
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new ExecuteCommandResult { Success = false, Message = exception.Message };
        }
    }
}
