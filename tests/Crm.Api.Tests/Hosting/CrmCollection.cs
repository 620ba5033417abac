namespace Crm.Api.Tests.Hosting;

/// <summary>One CRM over a real PostgreSQL and a real Valkey for all tests; each has a tenant of its own.</summary>
[CollectionDefinition(Name)]
public sealed class CrmCollection : ICollectionFixture<CrmHost>
{
    public const string Name = "crm";
}
