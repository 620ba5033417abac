using System.Text.RegularExpressions;
using TenantPlatform.TestKit;

namespace TenantPlatform.ThirdService.Tests;

/// <summary>docs/third-service.md: the files that it has its reader write, and what it has him send and be answered.</summary>
internal static partial class Page
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "third-service.md"));

    /// <summary>Files, and additions to files, in their order.</summary>
    public static IReadOnlyList<Addition> Additions { get; } =
    [
        .. from Match match in AdditionBlock().Matches(Text)
           select new Addition(match.Groups["file"].Value, match.Groups["before"] is { Success: true } before ? before.Value : null, match.Groups["text"].Value),
    ];

    /// <summary>Commands with their answers, in their order.</summary>
    public static IReadOnlyList<Step> Steps { get; } =
        [.. from Match match in StepBlock().Matches(Text) select new Step(match.Groups["script"].Value, match.Groups["answer"].Value)];

    /// <summary>The variables that the reader sets from his dashboard, and the test from its own servers.</summary>
    public static IReadOnlySet<string> Variables { get; } = VariablesBlock().Matches(Text)
        .SelectMany(match => Assignment().Matches(match.Groups["script"].Value)).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

    /// <summary>How many blocks of code the page has, whatever they are.</summary>
    public static int Blocks { get; } = AnyBlock().Count(Text);

    [GeneratedRegex(@"`(?<file>[\w./-]+)`(, before `(?<before>[^`\n]+)`)?:\n\n```\w+\n(?<text>.*?)```\n", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex AdditionBlock();

    [GeneratedRegex(@"```sh\n(?<script>[^`]*?)```\n```text\n(?<answer>[^`]*?)\n```\n", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex StepBlock();

    [GeneratedRegex(@"```sh\n(?<script>[^`]*?)```\n\n", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex VariablesBlock();

    [GeneratedRegex(@"^(?<name>[A-Z]+)=", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"^```\w+$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex AnyBlock();

    /// <summary>A file, or what is added to one.</summary>
    /// <param name="File">Its path from the root.</param>
    /// <param name="Before">The text before which it is added; null: it is the whole file.</param>
    /// <param name="Text">The text.</param>
    internal sealed record Addition(string File, string? Before, string Text);

    /// <summary>Commands and what they print, where <c>…</c> stands for anything.</summary>
    internal sealed record Step(string Script, string Answer)
    {
        /// <summary>Whether this is what the page says.</summary>
        public bool IsAnsweredBy(string printed) =>
            Regex.IsMatch(printed, $"\\A{Regex.Escape(Answer).Replace("…", "[^\n]*", StringComparison.Ordinal)}\\z", RegexOptions.NonBacktracking);
    }
}
