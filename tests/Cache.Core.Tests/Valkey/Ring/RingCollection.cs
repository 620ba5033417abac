namespace Cache.Core.Tests.Valkey.Ring;

/// <summary>Tests that share one real ring, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class RingCollection : ICollectionFixture<RingFixture>
{
    public const string Name = "ring";
}
