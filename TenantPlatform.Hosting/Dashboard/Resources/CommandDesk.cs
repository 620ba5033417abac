using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Dashboard.Resources;

/// <summary>What can be done to resources from the dashboard, and the doing of it.</summary>
internal sealed class CommandDesk(ResourceCommandService commands)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>The commands that are offered to people, enabled where they are for any of the replicas; hidden ones are left out.</summary>
    /// <param name="replicas">What is known of a resource, or of each of its replicas.</param>
    public static IReadOnlyList<CommandView> Of(IReadOnlyList<ResourceEvent> replicas) =>
    [
        .. replicas.SelectMany(known => known.Snapshot.Commands)
            .GroupBy(command => command.Name, StringComparer.Ordinal)
            .Select(same => same.MinBy(command => command.State switch { ResourceCommandState.Enabled => 0, ResourceCommandState.Disabled => 1, _ => 2 })!)
            .Where(command => command.State != ResourceCommandState.Hidden && command.Visibility.HasFlag(ResourceCommandVisibility.UI))
            .Select(command => new CommandView(
                command.Name,
                command.DisplayName,
                command.DisplayDescription,
                command.State == ResourceCommandState.Enabled ? "enabled" : "disabled",
                command.ConfirmationMessage,
                command.IsHighlighted)),
    ];

    /// <summary>Executes a command on a resource, or on one replica by its id; never throws because the command failed.</summary>
    public async Task<ExecuteCommandResult> ExecuteAsync(string resourceId, string command, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            // Not every command looks at its token.
            return await commands.ExecuteCommandAsync(resourceId, command, limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception exception)
        {
            return new ExecuteCommandResult
            {
                Success = false,
                Message = cancellationToken.IsCancellationRequested ? $"'{command}' on '{resourceId}' was not done when the dashboard stopped."
                    : limit.IsCancellationRequested ? $"'{command}' on '{resourceId}' was not done within {Limit.TotalMinutes} minutes."
                    : exception.Message,
            };
        }
    }
}
