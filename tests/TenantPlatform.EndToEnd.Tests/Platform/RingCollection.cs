namespace TenantPlatform.EndToEnd.Tests.Platform;

/// <summary>The scenarios that a ring of independent Valkeys takes.</summary>
[CollectionDefinition(Name)]
public sealed class RingCollection : ICollectionFixture<RingFixture>
{
    public const string Name = "ring";
}
