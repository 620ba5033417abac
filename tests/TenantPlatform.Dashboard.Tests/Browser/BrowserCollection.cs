namespace TenantPlatform.Dashboard.Tests.Browser;

/// <summary>Shares the browser; tests in it run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<BrowserFixture>
{
    public const string Name = "browser";
}
