using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace TenantPlatform.Servers.Tests.Model;

/// <summary>A ring in the application model: servers of their own with one password, all named to whoever uses it.</summary>
public sealed class ValkeyRingModelTests
{
    private readonly IDistributedApplicationTestingBuilder _builder = DistributedApplicationTestingBuilder.Create();

    [Fact]
    public void ConnectionString_NamesEveryNode()
    {
        Assert.Equal(
            "{valkey-1.bindings.tcp.host}:{valkey-1.bindings.tcp.port},{valkey-2.bindings.tcp.host}:{valkey-2.bindings.tcp.port},password={valkey-password.value}",
            _builder.AddValkeyRing("valkey", nodes: 2).Resource.ConnectionStringExpression.ValueExpression);
    }

    [Fact]
    public void Nodes_AreServersByThemselves_WithOnePassword_ToldToWhoConfiguresThem()
    {
        var told = new List<ValkeyResource>();

        var ring = _builder.AddValkeyRing("valkey", configureNode: node => told.Add(node.Resource)).Resource;

        Assert.Equal(["valkey-1", "valkey-2", "valkey-3"], told.Select(node => node.Name));
        Assert.Equal(ring.Nodes, told);
        Assert.All(told, node => Assert.Same(ring.PasswordParameter, node.PasswordParameter));
    }

    [Fact]
    public void OneNode_IsNoRing() => Assert.Throws<ArgumentOutOfRangeException>(() => _builder.AddValkeyRing("valkey", nodes: 1));
}
