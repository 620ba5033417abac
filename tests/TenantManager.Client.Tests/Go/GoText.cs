using System.Text.RegularExpressions;
using TenantManager.Contracts.Configuration;

namespace TenantManager.Client.Tests.Go;

/// <summary>What lib-commons' <c>json.Marshal</c> writes, to the byte; <c>«name»</c> stands for what a test has of its own.</summary>
internal static partial class GoText
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Go", "Written");

    /// <summary>The names of all texts that begin so.</summary>
    public static IEnumerable<string> Names(string beginning) =>
        Directory.EnumerateFiles(Folder, $"{beginning}*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)!;

    /// <summary>A text with the places filled.</summary>
    public static string Read(string name, IReadOnlyDictionary<string, string> places) =>
        Place().Replace(File.ReadAllText(Path.Combine(Folder, $"{name}.json")), one => places[one.Groups["name"].Value]);

    /// <summary>What stands in the places for a tenant with this database.</summary>
    public static Dictionary<string, string> Places(TenantConfig config, string environment)
    {
        var database = config.Connection();
        return new(StringComparer.Ordinal)
        {
            ["tenant"] = config.Id,
            ["environment"] = environment,
            ["host"] = database.Host!,
            ["port"] = $"{database.Port}",
            ["database"] = database.Database!,
            ["username"] = database.Username!,
            ["password"] = database.Password!,
        };
    }

    [GeneratedRegex("«(?<name>[a-z]+)»", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();
}
