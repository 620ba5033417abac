using TenantPlatform.TestKit;

namespace Cache.Core.Tests;

/// <summary>One real Valkey for all tests that only use it; those that break it have one of their own.</summary>
[CollectionDefinition(Name)]
public sealed class ValkeyCollection : ICollectionFixture<ValkeyFixture>
{
    public const string Name = "valkey";
}
