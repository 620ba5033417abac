namespace TenantPlatform.EndToEnd.Tests.Platform;

/// <summary>The scenarios that a Valkey Cluster takes.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<ClusterFixture>
{
    public const string Name = "cluster";
}
