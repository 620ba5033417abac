using System.Globalization;
using TenantPlatform.LocalServers;

namespace TenantPlatform.Servers;

/// <summary>What one asks a node of a cluster.</summary>
internal static class ValkeyNode
{
    /// <summary>Sends a node one command on a connection of its own.</summary>
    /// <exception cref="InvalidOperationException">The node answered with an error.</exception>
    public static async Task<object?> ExecuteAsync(ValkeyResource node, CancellationToken cancellationToken, params string[] command)
    {
        var password = node.PasswordParameter is { } parameter ? await parameter.GetValueAsync(cancellationToken) : null;
        await using var connection = await RespConnection.OpenAsync(node.PrimaryEndpoint.Port, password, cancellationToken);
        return await connection.ExecuteAsync(command, cancellationToken);
    }

    /// <summary>Whether the node sees the whole cluster, with every slot served.</summary>
    public static async Task<bool> SeesAllAsync(ValkeyResource node, int nodes, CancellationToken cancellationToken) =>
        await ExecuteAsync(node, cancellationToken, "CLUSTER", "INFO") is string info
        && info.Contains("cluster_state:ok", StringComparison.Ordinal)
        && info.Contains("cluster_slots_ok:16384", StringComparison.Ordinal)
        && info.Contains(string.Create(CultureInfo.InvariantCulture, $"cluster_known_nodes:{nodes}\r"), StringComparison.Ordinal);

    /// <summary>Whether the node is a primary now.</summary>
    public static async Task<bool> IsPrimaryAsync(ValkeyResource node, CancellationToken cancellationToken) =>
        await ExecuteAsync(node, cancellationToken, "INFO", "replication") is string info && info.Contains("role:master", StringComparison.Ordinal);

    /// <summary>Whether the node is a replica that is in step with its primary.</summary>
    public static async Task<bool> IsReplicaInStepAsync(ValkeyResource node, CancellationToken cancellationToken) =>
        await ExecuteAsync(node, cancellationToken, "INFO", "replication") is string info
        && info.Contains("role:slave", StringComparison.Ordinal)
        && info.Contains("master_link_status:up", StringComparison.Ordinal);
}
