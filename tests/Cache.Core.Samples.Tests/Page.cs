using System.Text.RegularExpressions;
using TenantPlatform.TestKit;

namespace Cache.Core.Samples.Tests;

/// <summary>The documentation of Cache.Core: what it says that a sample prints, and the code that it quotes of it.</summary>
/// <remarks>
/// A quotation follows a line <c>&lt;!-- sample: VERB --&gt;</c>: a <c>csharp</c> block, or a <c>text</c> block that begins with the command.
/// A <c>csharp</c> block behind <c>&lt;!-- code: PATH --&gt;</c> quotes that file of the repository.
/// </remarks>
internal static partial class Page
{
    /// <summary>What each sample prints.</summary>
    public static IReadOnlyDictionary<string, string> Outputs { get; } = Blocks("text").ToDictionary(
        block => block.Verb, block => block.Text[(block.Text.IndexOf('\n', StringComparison.Ordinal) + 1)..], StringComparer.Ordinal);

    /// <summary>The code quoted of each sample.</summary>
    public static ILookup<string, string> Code { get; } = Blocks("csharp").ToLookup(block => block.Verb, block => block.Text, StringComparer.Ordinal);

    /// <summary>What is quoted of files that are no runnable samples: the path of each in the repository, and the text.</summary>
    public static IReadOnlyList<(string Path, string Text)> OtherCode { get; } = [.. Blocks("csharp", "code")];

    private static IEnumerable<(string Verb, string Text)> Blocks(string language, string of = "sample") =>
        from path in Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
        from Match match in Marked().Matches(File.ReadAllText(path))
        where match.Groups["of"].Value == of && match.Groups["language"].Value == language
        select (match.Groups["what"].Value, match.Groups["text"].Value.TrimEnd());

    [GeneratedRegex(@"<!-- (?<of>sample|code): (?<what>[\w./-]+) -->\s*```(?<language>\w+)\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Marked();
}
