using System.Text.RegularExpressions;
using TenantPlatform.TestKit;

namespace TenantPlatform.Deploy.Tests;

public sealed partial class RunbookTests
{
    [Fact]
    public void B11_TestsThatTheRunbookNames_Exist()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
        var tests = TestRegex().Matches(SourceTree.Read("docs", "runbook.md")).Select(static match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(tests);
        Assert.DoesNotContain(tests, name => !sources.Exists(source => source.Contains($" {name}(", StringComparison.Ordinal)));
    }

    [Fact]
    public void B11_EveryProcedure_SaysWhatExecutesIt_OrThatNothingDoes() =>
        Assert.Empty(SourceTree.Read("docs", "runbook.md").Split("\n## ")[1..]
            .Where(static section => !section.Contains("Executed by:", StringComparison.Ordinal) && !section.Contains("No test", StringComparison.Ordinal))
            .Select(static section => section.Split('\n')[0]));

    [GeneratedRegex(@"`(?<name>[A-Z]\w*[a-z]\w*_\w+)`", RegexOptions.None, 5000)]
    private static partial Regex TestRegex();
}
