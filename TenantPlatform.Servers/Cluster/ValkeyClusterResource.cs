using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Servers;

/// <summary>A Valkey Cluster: primaries that share the slots, each with a replica that takes over when its primary is lost.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="password">The password of all nodes' default user.</param>
public sealed class ValkeyClusterResource(string name, ParameterResource password) : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    private readonly List<ValkeyResource> _nodes = [];

    /// <summary>All nodes. Those of the first half begin as primaries, in the order of their slots; the others as their replicas.</summary>
    public IReadOnlyList<ValkeyResource> Nodes => _nodes;

    /// <summary>How many of <see cref="Nodes"/> begin as primaries.</summary>
    public int Primaries => _nodes.Count / 2;

    /// <summary>The password of all nodes' default user.</summary>
    public ParameterResource PasswordParameter { get; } = password;

    /// <summary>Every node's address and the password, as StackExchange.Redis reads them: <c>host:port,host:port,…,password=…</c>.</summary>
    public ReferenceExpression ConnectionStringExpression => NodeAddresses.ConnectionString(_nodes, PasswordParameter);

    /// <summary>Asks a node whether it is a primary now.</summary>
    /// <exception cref="IOException">It does not answer; or a <see cref="System.Net.Sockets.SocketException"/>.</exception>
    public static Task<bool> IsPrimaryAsync(ValkeyResource node, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        return ValkeyNode.IsPrimaryAsync(node, cancellationToken);
    }

    internal void Add(ValkeyResource node) => _nodes.Add(node);
}
