using System.Globalization;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using TenantPlatform.LocalServers;
using TenantPlatform.Servers;

namespace TenantPlatform.Drills;

/// <summary>What can befall a Valkey.</summary>
public static class ValkeyDrills
{
    /// <summary>The command that empties all of it (FLUSHALL).</summary>
    public const string Empty = "empty";

    /// <summary>The command that closes every client's connection (CLIENT KILL).</summary>
    public const string DropClients = "drop-clients";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Gives a Valkey the drills <see cref="Empty"/> and <see cref="DropClients"/>, and those of <see cref="ProcessDrills.WithDrills{T}"/>.</summary>
    public static IResourceBuilder<ValkeyResource> WithValkeyDrills(this IResourceBuilder<ValkeyResource> builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var valkey = builder.Resource;
        return builder.WithDrills()
            .WithDrill(Empty, "Empty", context => OnAsync(valkey, EmptyAsync, context.CancellationToken), new CommandOptions
            {
                Description = "Forgets every key (FLUSHALL).",
                ConfirmationMessage = $"Empty {valkey.Name}? Every key of every tenant is lost.",
                IconName = "Delete",
            })
            .WithDrill(DropClients, "Drop clients", context => OnAsync(valkey, DropClientsAsync, context.CancellationToken), new CommandOptions
            {
                Description = "Closes every client's connection (CLIENT KILL).",
                IconName = "PlugDisconnected",
            });
    }

    private static async Task<string> EmptyAsync(ValkeyResource valkey, RespConnection connection, CancellationToken cancellationToken)
    {
        var keys = await connection.ExecuteAsync(["DBSIZE"], cancellationToken);
        await connection.ExecuteAsync(["FLUSHALL"], cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"{valkey.Name} forgot {keys} keys.");
    }

    private static async Task<string> DropClientsAsync(ValkeyResource valkey, RespConnection connection, CancellationToken cancellationToken)
    {
        var subscribers = await connection.ExecuteAsync(["CLIENT", "KILL", "TYPE", "pubsub"], cancellationToken);
        var others = await connection.ExecuteAsync(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"], cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"{valkey.Name} closed {subscribers} subscribed and {others} other connections.");
    }

    private static async Task<string> OnAsync(
        ValkeyResource valkey, Func<ValkeyResource, RespConnection, CancellationToken, Task<string>> act, CancellationToken cancellationToken)
    {
        var password = valkey.PasswordParameter is { } parameter ? await parameter.GetValueAsync(cancellationToken) : null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            // A connection of its own, whatever state the pods' are in.
            await using var connection = await RespConnection.OpenAsync(valkey.PrimaryEndpoint.Port, password, limit.Token);
            return await act(valkey, connection, limit.Token);
        }
        catch (Exception exception) when (exception is IOException or SocketException or InvalidOperationException)
        {
            throw new DrillException($"{valkey.Name} could not be asked: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DrillException($"{valkey.Name} did not answer within {Limit.TotalSeconds:0} s. Is it frozen?", exception);
        }
    }
}
