using System.Text.Json;
using System.Text.RegularExpressions;

namespace TenantPlatform.RunbookDrills.Rules;

/// <summary>What is deployed: the alert rules, the dashboards' questions, and the runbook that alerts lead to.</summary>
internal sealed partial class AlertRules
{
    private static readonly string[] Folder = ["deploy", "helm", "tenant-platform", "monitoring"];

    private AlertRules(string text, IReadOnlyList<AlertRule> all, IReadOnlyList<string> dashboards, IReadOnlySet<string> sections) =>
        (Text, All, Dashboards, Sections) = (text, all, dashboards, sections);

    /// <summary>The file, as it is deployed.</summary>
    public string Text { get; }

    public IReadOnlyList<AlertRule> All { get; }

    /// <summary>The expressions of the dashboards' panels.</summary>
    public IReadOnlyList<string> Dashboards { get; }

    /// <summary>The sections of the runbook, as links name them.</summary>
    public IReadOnlySet<string> Sections { get; }

    /// <summary>Reads them.</summary>
    public static AlertRules Read()
    {
        var root = Root();
        var text = File.ReadAllText(Path.Combine([root, .. Folder, "alerts.yaml"]));
        var all = RuleRegex().Matches(text).Select(static rule => new AlertRule(
            rule.Groups["name"].Value, rule.Groups["expression"].Value.Trim(), rule.Groups["section"].Value)).ToList();
        var named = NameRegex().Count(text);
        if (all.Count == 0 || all.Count != named)
            throw new InvalidDataException($"Of {named} alerts in alerts.yaml {all.Count} could be read: each has alert, expr and a runbook_url, in this order.");

        var dashboards = Directory.EnumerateFiles(Path.Combine([root, .. Folder, "dashboards"]), "*.json")
            .SelectMany(static path => Expressions(JsonDocument.Parse(File.ReadAllText(path)).RootElement)).ToList();
        var sections = HeadingRegex().Matches(File.ReadAllText(Path.Combine(root, "docs", "runbook.md")))
            .Select(static heading => Anchor(heading.Groups["name"].Value)).ToHashSet(StringComparer.Ordinal);
        return new AlertRules(text, all, dashboards, sections);
    }

    /// <summary>What GitHub makes of a heading.</summary>
    private static string Anchor(string heading) =>
        string.Concat(heading.ToLowerInvariant().Where(static c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    private static IEnumerable<string> Expressions(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Expressions),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(static property =>
            property is { Name: "expr", Value.ValueKind: JsonValueKind.String } ? [property.Value.GetString()!] : Expressions(property.Value)),
        _ => [],
    };

    private static string Root()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "TenantPlatform.sln")))
                return directory.FullName;
        }

        throw new DirectoryNotFoundException($"There is no TenantPlatform.sln above {AppContext.BaseDirectory}: run this from the repository's own artifacts.");
    }

    [GeneratedRegex(@"- alert: (?<name>\w+)\s+expr: >-\n(?<expression>[^\n]+)\n(?:(?!- alert:)[\s\S])*?runbook_url: \S+?#(?<section>[\w-]+)", RegexOptions.None, 5000)]
    private static partial Regex RuleRegex();

    [GeneratedRegex(@"- alert: ", RegexOptions.None, 5000)]
    private static partial Regex NameRegex();

    [GeneratedRegex("^#+ (?<name>.+)$", RegexOptions.Multiline, 5000)]
    private static partial Regex HeadingRegex();
}
