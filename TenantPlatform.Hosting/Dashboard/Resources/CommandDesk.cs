using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Dashboard.Resources;

/// <summary>What can be done to resources from the dashboard, and the doing of it.</summary>
internal sealed class CommandDesk(ResourceCommandService commands)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>The commands that a snapshot offers to people; hidden ones are left out.</summary>
    public static IReadOnlyList<CommandView> Of(CustomResourceSnapshot? snapshot) =>
    [
        .. (snapshot?.Commands ?? [])
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
            return await commands.ExecuteCommandAsync(resourceId, command, limit.Token);
        }
        catch (Exception exception)
        {
            return new ExecuteCommandResult
            {
                Success = false,
                Message = limit.IsCancellationRequested ? $"'{command}' on '{resourceId}' was not done within {Limit.TotalMinutes} minutes." : exception.Message,
            };
        }
    }
}
