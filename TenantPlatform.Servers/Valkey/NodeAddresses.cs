using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Servers;

/// <summary>How several nodes are named in one connection string.</summary>
internal static class NodeAddresses
{
    /// <summary>Every node's address and the password, as StackExchange.Redis reads them: <c>host:port,host:port,…,password=…</c>.</summary>
    public static ReferenceExpression ConnectionString(IEnumerable<ValkeyResource> nodes, ParameterResource password)
    {
        var text = new ReferenceExpressionBuilder();
        foreach (var node in nodes)
        {
            text.AppendFormatted(node.PrimaryEndpoint.Property(EndpointProperty.HostAndPort));
            text.AppendLiteral(",");
        }

        text.AppendLiteral("password=");
        text.AppendFormatted(password);
        return text.Build();
    }
}
