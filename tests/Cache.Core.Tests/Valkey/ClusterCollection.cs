namespace Cache.Core.Tests.Valkey;

/// <summary>Tests that share one real cluster, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<ClusterFixture>
{
    public const string Name = "cluster";
}
