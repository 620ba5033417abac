using System.Security.Cryptography;
using System.Text;

namespace Ledger.Api.Migrations;

/// <summary>One step of the schema. Released steps are never changed; their checksum is kept beside them.</summary>
internal sealed record MigrationScript(int Number, string Sql)
{
    public static IReadOnlyList<MigrationScript> All { get; } = [new(1, Step("0001-books.sql"))];

    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    private static string Step(string name)
    {
        using var stream = typeof(MigrationScript).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The migration '{name}' is not in the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
