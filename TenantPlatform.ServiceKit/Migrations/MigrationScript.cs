using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace TenantPlatform.ServiceKit.Migrations;

/// <summary>One step of the schema. Released steps are never changed; their checksum is kept beside them.</summary>
internal sealed record MigrationScript(int Number, string Sql)
{
    private const string Ending = ".sql";

    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    /// <summary>The steps that are embedded in an assembly as <c>0001-what.sql</c>, in their order.</summary>
    /// <exception cref="InvalidOperationException">There are none, or one is not named so, or a number is missing or twice.</exception>
    public static IReadOnlyList<MigrationScript> Of(Assembly assembly)
    {
        var scripts = assembly.GetManifestResourceNames().Where(static name => name.EndsWith(Ending, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(name => new MigrationScript(NumberOf(name), Read(assembly, name))).ToList();
        if (scripts.Count == 0 || scripts.Where(static (script, index) => script.Number != index + 1).Any())
            throw new InvalidOperationException($"The migrations in {assembly.GetName().Name} must be numbered from 0001 without gaps, each embedded under its file's name.");
        return scripts;
    }

    private static int NumberOf(string name) => int.TryParse(name.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new InvalidOperationException($"The migration '{name}' must be named such as '0001-what.sql'.");

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
