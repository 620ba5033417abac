using Microsoft.Extensions.DependencyInjection;
using TenantPlatform.Hosting.Running;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Executes commands on resources. Safe for concurrent use.</summary>
public class ResourceCommandService
{
    private readonly IServiceProvider _services;

    internal ResourceCommandService(IServiceProvider services) => _services = services;

    /// <summary>Executes a command, on every replica that it makes sense for when the resource has several; returns when it is done. Never throws because the command failed.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var ids = ReplicaIds.Of(resource);
        var able = ids.Where(id => CanExecute(resource, id, commandName)).ToArray();
        var results = await Task.WhenAll((able.Length > 0 ? able : ids).Select(id => ExecuteAsync(resource, id, commandName, cancellationToken)));
        return results.FirstOrDefault(result => !result.Success) ?? results[0];
    }

    /// <summary>Executes a command on a resource, or on one replica by its id; returns when it is done. Never throws because the command failed.</summary>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        var resources = _services.GetRequiredService<DistributedApplicationModel>().Resources;
        if (resources.FirstOrDefault(resource => Same(resource.Name, resourceId)) is { } named)
            return ExecuteCommandAsync(named, commandName, cancellationToken);
        return resources.FirstOrDefault(resource => ReplicaIds.Of(resource).Any(id => Same(id, resourceId))) is { } replicated
            ? ExecuteAsync(replicated, resourceId, commandName, cancellationToken)
            : Task.FromResult(CommandResults.Failure($"There is no resource '{resourceId}'."));
    }

    private async Task<ExecuteCommandResult> ExecuteAsync(IResource resource, string id, string commandName, CancellationToken cancellationToken)
    {
        var commands = resource.Annotations.OfType<ResourceCommandAnnotation>().ToArray();
        var command = Array.Find(commands, candidate => Same(candidate.Name, commandName));
        if (command is null)
            return CommandResults.Failure($"'{id}' has no command '{commandName}'. It has: {string.Join(", ", commands.Select(candidate => candidate.Name))}.");

        // A command that makes no sense in the present state says so, instead of doing something else.
        if (!CanExecute(command, id, out var now))
            return CommandResults.Failure($"'{command.Name}' cannot be executed while '{id}' is {now?.Snapshot.State?.Text ?? "in no known state"}.");
        try
        {
            return await command.ExecuteCommand(new ExecuteCommandContext
            {
                ServiceProvider = _services,
                ResourceName = id,
                CancellationToken = cancellationToken,
                Logger = _services.GetRequiredService<ResourceLoggerService>().GetLogger(id),
            });
        }
        catch (OperationCanceledException)
        {
            return CommandResults.Canceled();
        }
        catch (Exception exception)
        {
            return CommandResults.Failure(exception);
        }
    }

    private bool CanExecute(IResource resource, string id, string commandName) =>
        resource.Annotations.OfType<ResourceCommandAnnotation>().FirstOrDefault(candidate => Same(candidate.Name, commandName)) is { } command
        && CanExecute(command, id, out _);

    private bool CanExecute(ResourceCommandAnnotation command, string id, out ResourceEvent? now) =>
        !_services.GetRequiredService<ResourceNotificationService>().TryGetCurrentState(id, out now)
        || command.UpdateState(new UpdateCommandStateContext { ResourceSnapshot = now.Snapshot, ServiceProvider = _services }) == ResourceCommandState.Enabled;

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
