using System.Text.RegularExpressions;

namespace TenantPlatform.Deploy.Tests;

/// <summary>The images that the chart, the Compose file and the release's workflow name, each in a file of its own.</summary>
public sealed partial class ImagesTests
{
    [Fact]
    public void B11_ImagesOfTheChart_AreThoseThatTheReleaseMakes_OfTheSameProjects()
    {
        var chart = Chart();

        Assert.Contains(("gateway", "Gateway"), chart);
        Assert.Equal(chart, Released());
        Assert.All(chart, static one => Assert.True(SourceTree.Has(one.Project), $"There is no project {one.Project}."));
    }

    [Fact]
    public void B11_ImagesOfTheComposeFile_AreThoseOfTheChart() =>
        Assert.Equal(Chart().Select(static one => one.Image), ComposeRegex().Matches(SourceTree.Read("deploy", "compose", "compose.yaml")).Select(static match => match.Groups["image"].Value).Distinct().Order(StringComparer.Ordinal));

    private static List<(string Image, string Project)> Chart()
    {
        var values = SourceTree.Read("deploy", "helm", "tenant-platform", "values.yaml");
        var services = values[values.IndexOf("\nservices:\n", StringComparison.Ordinal)..];
        return [.. EntryRegex().Matches(services)
            .Where(static match => !match.Groups["image"].Success)
            .Select(static match => (match.Groups["name"].Value, match.Groups["project"].Value))
            .OrderBy(static one => one.Item1, StringComparer.Ordinal)];
    }

    private static List<(string Image, string Project)> Released() => [.. MatrixRegex().Matches(SourceTree.Read(".github", "workflows", "release.yml"))
        .Select(static match => (match.Groups["image"].Value, match.Groups["project"].Value))
        .OrderBy(static one => one.Item1, StringComparer.Ordinal)];

    [GeneratedRegex(@"^  (?<name>[a-z-]+):\n    project: (?<project>\S+)\n(?:    image: (?<image>\S+)\n)?", RegexOptions.Multiline, 5000)]
    private static partial Regex EntryRegex();

    [GeneratedRegex(@"\{service: (?<image>[a-z-]+), project: (?<project>[\w.]+)\}", RegexOptions.None, 5000)]
    private static partial Regex MatrixRegex();

    [GeneratedRegex(@"image: \$\{IMAGES:-tenant-platform\}/(?<image>[a-z-]+):", RegexOptions.None, 5000)]
    private static partial Regex ComposeRegex();
}
