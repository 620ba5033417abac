using System.Text.RegularExpressions;
using TenantPlatform.TestKit;

namespace TenantPlatform.Deploy.Tests;

/// <summary>What the sources of the services read and create, as their text says.</summary>
/// <remarks>
/// A setting is a literal such as <c>"CACHE_ADDRS"</c> (words in capitals joined by '_') or <c>"Console:ApiKey"</c>. The codes of refusals look the same
/// and are told apart by what follows: a title that begins with a capital.
/// </remarks>
internal static partial class SourceTree
{
    private static readonly string[] NotDeployed =
        ["TenantPlatform.AppHost", "TenantPlatform.Servers", "TenantPlatform.LocalServers", "TenantPlatform.Drills", "TenantPlatform.FaultProxy", "TenantPlatform.CommandLine"];

    private static readonly string[] NoServices = ["tests", "benchmarks", "samples", "artifacts", "docs", "eng", "model", "deploy"];

    public static IReadOnlySet<string> Settings { get; } = Texts().SelectMany(static text => CapitalsRegex().Matches(text)
            .Concat(SectionRegex().Matches(text))
            .Select(static match => match.Groups["name"].Value.Replace(":", "__", StringComparison.Ordinal)))
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>Instruments by the name that Prometheus makes of them, without units and endings; and their kind.</summary>
    public static ILookup<string, string> Instruments { get; } = Texts().SelectMany(static text => InstrumentRegex().Matches(text))
        .ToLookup(static match => match.Groups["name"].Value.Replace('.', '_'), static match => match.Groups["kind"].Value, StringComparer.Ordinal);

    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([Repository.Root, .. path]));

    public static bool Has(string project) => Directory.Exists(Path.Combine(Repository.Root, project));

    private static IEnumerable<string> Texts() => Directory.EnumerateDirectories(Repository.Root)
        .Where(static path => Path.GetFileName(path) is var name && name[0] != '.' && !NotDeployed.Contains(name) && !NoServices.Contains(name))
        .SelectMany(static path => Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories))
        .Select(File.ReadAllText);

    [GeneratedRegex("""(?<!\$)"(?<name>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"(?!,\s*\$?"[A-Z])""", RegexOptions.None, 5000)]
    private static partial Regex CapitalsRegex();

    [GeneratedRegex("""(?<!\$)"(?<name>(?:Console|Gateway)(?::[A-Za-z0-9]+)+)""", RegexOptions.None, 5000)]
    private static partial Regex SectionRegex();

    [GeneratedRegex("""Create(?<kind>Counter|UpDownCounter|Histogram|ObservableGauge|ObservableCounter)(?:<\w+>)?\(\s*"(?<name>[a-z0-9_.]+)""", RegexOptions.None, 5000)]
    private static partial Regex InstrumentRegex();
}
