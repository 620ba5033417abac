namespace Ledger.Api.Tests.Hosting;

/// <summary>One ledger service over a real PostgreSQL and a real Valkey for all tests; each opens books of its own.</summary>
[CollectionDefinition(Name)]
public sealed class LedgerCollection : ICollectionFixture<LedgerHost>
{
    public const string Name = "ledger";
}
