namespace TenantPlatform.EndToEnd.Tests.Platform;

/// <summary>One application for all scenarios: starting it is the expensive part.</summary>
[CollectionDefinition(Name)]
public sealed class PlatformCollection : ICollectionFixture<PlatformFixture>
{
    public const string Name = "platform";
}
