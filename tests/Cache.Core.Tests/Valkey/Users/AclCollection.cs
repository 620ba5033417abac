namespace Cache.Core.Tests.Valkey.Users;

/// <summary>Tests that share one Valkey with users, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class AclCollection : ICollectionFixture<AclFixture>
{
    public const string Name = "acl";
}
