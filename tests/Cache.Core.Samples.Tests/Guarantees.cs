using System.Text.RegularExpressions;
using TenantPlatform.TestKit;

namespace Cache.Core.Samples.Tests;

/// <summary>The page of what Cache.Core guarantees, and the tests that it names as the proof.</summary>
/// <remarks>A test is named by a link to its file whose text is <c>CLASS.METHOD</c>.</remarks>
internal static partial class Guarantees
{
    private const RegexOptions Options = RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    private static readonly string Folder = Path.Combine(Repository.Root, "docs/cache-core");

    private static readonly string Page = File.ReadAllText(Path.Combine(Folder, "guarantees.md"));

    /// <summary>What stands under each heading that has a text of its own.</summary>
    public static IReadOnlyDictionary<string, string> Sections { get; } = Heading().Split(Page)
        .Skip(1).Chunk(2).Where(section => section[1].Trim().Length > 0)
        .ToDictionary(section => section[0], section => section[1], StringComparer.Ordinal);

    /// <summary>What is wrong with the proofs of a guarantee: a test that there is not, or none at all.</summary>
    public static IEnumerable<string> Faults(string text)
    {
        var links = Link().Matches(text);
        if (links.Count == 0)
            yield return "No test is named.";
        foreach (Match link in links)
        {
            if (Fault(link.Groups["text"].Value, Path.GetFullPath(Path.Combine(Folder, link.Groups["path"].Value))) is { } fault)
                yield return $"{link.Value}: {fault}";
        }
    }

    private static string? Fault(string name, string path)
    {
        if (name.Split('.') is not [var type, var method])
            return "a test is named as CLASS.METHOD";
        if (!File.Exists(path))
            return "there is no such file";

        var source = File.ReadAllText(path);
        if (!Regex.IsMatch(source, $@"\bclass {Regex.Escape(type)}\b", Options))
            return "there is no such class in it";

        // With an argument it may be skipped.
        return Regex.IsMatch(source, $@"^ *\[(Fact|Theory)\]\s*(\[.*\]\s*)*public (async )?\w+ {Regex.Escape(method)}\(", Options)
            ? null
            : "there is no such test in it";
    }

    [GeneratedRegex("^##+ (?<name>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[(?<text>[^\]]+)\]\((?<path>[^)]*\.cs)\)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Link();
}
