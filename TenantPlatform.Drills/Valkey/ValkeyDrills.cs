using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using TenantPlatform.Servers;

namespace TenantPlatform.Drills;

/// <summary>What can befall a Valkey.</summary>
public static class ValkeyDrills
{
    /// <summary>The command that empties all of it (FLUSHALL).</summary>
    public const string Empty = "empty";

    /// <summary>The command that closes every client's connection (CLIENT KILL).</summary>
    public const string DropClients = "drop-clients";

    /// <summary>Gives a Valkey the commands <see cref="Empty"/> and <see cref="DropClients"/>, and those of <see cref="ProcessDrills.WithDrills{T}"/>.</summary>
    public static IResourceBuilder<ValkeyResource> WithValkeyDrills(this IResourceBuilder<ValkeyResource> builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var valkey = builder.Resource;
        return builder.WithDrills()
            .WithCommand(Empty, "Empty", context => ExecuteAsync(valkey, [["FLUSHALL"]], context.CancellationToken), new CommandOptions
            {
                Description = "Forgets every key (FLUSHALL).",
                ConfirmationMessage = $"Empty {valkey.Name}? Every key of every tenant is lost.",
                IconName = "Delete",
                UpdateState = ProcessDrills.IsRunning,
            })
            .WithCommand(
                DropClients,
                "Drop clients",
                context => ExecuteAsync(valkey, [["CLIENT", "KILL", "TYPE", "pubsub"], ["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]], context.CancellationToken),
                new CommandOptions
                {
                    Description = "Closes every client's connection.",
                    IconName = "PlugDisconnected",
                    UpdateState = ProcessDrills.IsRunning,
                });
    }

    private static async Task<ExecuteCommandResult> ExecuteAsync(ValkeyResource valkey, string[][] commands, CancellationToken cancellationToken)
    {
        var endpoint = valkey.PrimaryEndpoint;
        var password = valkey.PasswordParameter is { } parameter ? await parameter.GetValueAsync(cancellationToken) : null;
        foreach (var command in commands)
            await ValkeyCommand.ExecuteAsync(endpoint.Host, endpoint.Port, password, command, cancellationToken);
        return new ExecuteCommandResult { Success = true };
    }
}
