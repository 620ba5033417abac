using TenantPlatform.TestKit;

namespace TenantPlatform.HttpGuards.Tests.Hosting;

/// <summary>One real Valkey for all tests; each has keys of its own.</summary>
[CollectionDefinition(Name)]
public sealed class GuardCollection : ICollectionFixture<ValkeyFixture>
{
    public const string Name = "guards";
}
