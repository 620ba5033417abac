using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Servers;

/// <summary>Independent Valkey servers over which their clients spread the keys. They know nothing of each other.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="password">The password of all nodes' default user.</param>
public sealed class ValkeyRingResource(string name, ParameterResource password) : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    private readonly List<ValkeyResource> _nodes = [];

    /// <summary>All nodes.</summary>
    public IReadOnlyList<ValkeyResource> Nodes => _nodes;

    /// <summary>The password of all nodes' default user.</summary>
    public ParameterResource PasswordParameter { get; } = password;

    /// <summary>Every node's address and the password: <c>host:port,host:port,…,password=…</c>.</summary>
    public ReferenceExpression ConnectionStringExpression => NodeAddresses.ConnectionString(_nodes, PasswordParameter);

    internal void Add(ValkeyResource node) => _nodes.Add(node);
}
