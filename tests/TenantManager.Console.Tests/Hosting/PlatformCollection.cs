namespace TenantManager.Console.Tests.Hosting;

/// <summary>One platform and one browser for all tests; each makes tenants and windows of its own.</summary>
[CollectionDefinition(Name)]
public sealed class PlatformCollection : ICollectionFixture<PlatformUnderTest>
{
    public const string Name = "platform";
}
