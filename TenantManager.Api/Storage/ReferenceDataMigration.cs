namespace TenantManager.Api.Storage;

/// <summary>Reference data and what it begins with: ISO 3166-1, ISO 4217, and the ledger's types of assets.</summary>
internal static class ReferenceDataMigration
{
    public static string Sql { get; } = Read();

    private static string Read()
    {
        using var reader = new StreamReader(typeof(ReferenceDataMigration).Assembly.GetManifestResourceStream("reference-data.sql")!);
        return reader.ReadToEnd();
    }
}
