using System.Text.RegularExpressions;
using TenantPlatform.TestKit;

namespace TenantPlatform.Hosting.Tests.Documentation;

/// <summary>The table of <c>docs/hosting.md</c>: every row names the tests that use what it promises.</summary>
public sealed partial class ApiTableTests
{
    /// <summary>All source of the tests by the name of its file, which is its class's.</summary>
    private static readonly ILookup<string, string> Sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .ToLookup(file => Path.GetFileNameWithoutExtension(file), StringComparer.Ordinal);

    public static TheoryData<string, string> Rows()
    {
        var rows = new TheoryData<string, string>();
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "hosting.md"));
        var section = text[text.IndexOf("## The API", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## ", StringComparison.Ordinal)];
        foreach (var line in section.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| API |", StringComparison.Ordinal)))
        {
            var cells = line.Trim().Trim('|').Split(" | ");
            rows.Add(cells[0].Trim(), cells[^1].Trim());
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Row_NamesTests_ThatExist_AndUseWhatItPromises(string api, string tests)
    {
        var classes = Quoted().Matches(tests).Select(match => match.Groups["name"].Value).ToList();
        Assert.NotEmpty(classes);
        Assert.Equal(classes.Count, tests.Split(", ").Length);
        Assert.All(classes, name => Assert.True(Sources.Contains(name), $"The row of {api} names '{name}', which is no class of the tests."));
        var source = string.Concat(classes.SelectMany(name => Sources[name]).Select(File.ReadAllText));
        Assert.Matches(@"\[(Fact|Theory|EngineFact)[\](]", source);

        foreach (var name in Quoted().Matches(api).Select(match => match.Groups["name"].Value))
            Assert.True(Regex.IsMatch(source, $@"\b{name}\b", RegexOptions.None, TimeSpan.FromSeconds(10)), $"None of {tests} uses {name}.");
    }

    /// <summary>A name in backticks: the last one of a dotted name, without what is in brackets.</summary>
    [GeneratedRegex(@"`(?:[A-Za-z]+\.)*(?<name>[A-Za-z0-9]+)(?:<[^`]*>)?(?:\([^`]*\))?`", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Quoted();
}
