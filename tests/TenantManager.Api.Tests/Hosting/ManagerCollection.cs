namespace TenantManager.Api.Tests.Hosting;

/// <summary>One tenant-manager over a real PostgreSQL and a real Valkey for all tests; each makes tenants of its own.</summary>
[CollectionDefinition(Name)]
public sealed class ManagerCollection : ICollectionFixture<ManagerHost>
{
    public const string Name = "manager";
}
