using System.Text.RegularExpressions;
using TenantPlatform.TestKit;

namespace TenantPlatform.Deploy.Tests;

public sealed partial class RunbookTests
{
    [Theory]
    [InlineData("runbook.md")]
    [InlineData("console.md")]
    public void B11_TestsThatADocumentNames_Exist(string document)
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
        var tests = TestRegex().Matches(SourceTree.Read("docs", document)).Select(static match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(tests);
        Assert.DoesNotContain(tests, name => !sources.Exists(source => source.Contains($" {name}(", StringComparison.Ordinal)));
    }

    [Fact]
    public void B11_EveryProcedure_SaysWhatExecutesIt_OrThatNothingDoes() =>
        Assert.Empty(SourceTree.Read("docs", "runbook.md").Split("\n## ")[1..]
            .Where(static section => !section.Contains("Executed by:", StringComparison.Ordinal) && !section.Contains("No test", StringComparison.Ordinal))
            .Select(static section => section.Split('\n')[0]));

    // Two underscores are those of a setting, such as Console__ApiKey.
    [GeneratedRegex(@"`(?<name>(?!\w*__)[A-Z]\w*[a-z]\w*_\w+)`", RegexOptions.None, 5000)]
    private static partial Regex TestRegex();
}
