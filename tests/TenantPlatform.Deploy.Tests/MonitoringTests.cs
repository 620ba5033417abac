using System.Text.RegularExpressions;

namespace TenantPlatform.Deploy.Tests;

public sealed partial class MonitoringTests
{
    private static readonly string[] Folder = ["deploy", "helm", "tenant-platform", "monitoring"];

    [Theory]
    [InlineData("alerts.yaml")]
    [InlineData("dashboards/tenant-platform.json")]
    public void D6_MetricsInUse_AreInstrumentsOfTheCode(string file)
    {
        var metrics = MetricRegex().Matches(SourceTree.Read([.. Folder, file])).Select(static match => match.Value).Distinct(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(metrics);
        Assert.DoesNotContain(metrics, static metric => !IsExported(metric));
    }

    [Fact]
    public void D6_EveryAlert_LeadsToASectionOfTheRunbook_AndHasATest()
    {
        var alerts = SourceTree.Read([.. Folder, "alerts.yaml"]);
        var tests = SourceTree.Read([.. Folder, "alerts.test.yaml"]);
        var sections = HeadingRegex().Matches(SourceTree.Read("docs", "runbook.md"))
            .Select(static match => match.Groups["name"].Value.ToLowerInvariant().Replace(' ', '-')).ToHashSet(StringComparer.Ordinal);
        var names = AlertRegex().Matches(alerts).Select(static match => match.Groups["name"].Value).ToList();
        var links = LinkRegex().Matches(alerts).Select(static match => match.Groups["name"].Value).ToList();
        Assert.NotEmpty(names);
        Assert.Equal(names.Count, links.Count);
        Assert.DoesNotContain(links, link => !sections.Contains(link));
        Assert.DoesNotContain(names, name => !tests.Contains($"alertname: {name}\n", StringComparison.Ordinal));
    }

    [Fact]
    public void D6_WhereAlertsLeadTo_IsAValueOfTheChart()
    {
        var alerts = SourceTree.Read([.. Folder, "alerts.yaml"]);
        var chart = Folder[..^1];
        var bases = BaseRegex().Matches(alerts).Select(static match => match.Groups["url"].Value).Distinct(StringComparer.Ordinal).ToList();
        Assert.Single(bases);
        Assert.Contains($"  runbookUrl: {bases[0]} ", SourceTree.Read([.. chart, "values.yaml"]), StringComparison.Ordinal);
        Assert.Contains($"replace \"{bases[0]}\" .Values.monitoring.runbookUrl", SourceTree.Read([.. chart, "templates", "monitoring.yaml"]), StringComparison.Ordinal);
    }

    private static bool IsExported(string metric)
    {
        var isPart = PartRegex().Match(metric);
        var isTotal = metric.EndsWith("_total", StringComparison.Ordinal);
        var name = isPart.Success ? metric[..isPart.Index] : isTotal ? metric[..^"_total".Length] : metric;
        var kinds = SourceTree.Instruments[name].Concat(SourceTree.Instruments[UnitRegex().Replace(name, string.Empty)]);
        return kinds.Any(kind => kind switch
        {
            "Counter" or "ObservableCounter" => isTotal,
            "Histogram" => isPart.Success,
            _ => !isTotal && !isPart.Success,
        });
    }

    [GeneratedRegex(@"(?<![\w""/.-])(?:cache|tenant|observer|http)_(?!tier\b|freshness\b|outcome\b|reason\b|operation\b)\w+", RegexOptions.None, 5000)]
    private static partial Regex MetricRegex();

    [GeneratedRegex("^## (?<name>.+)$", RegexOptions.Multiline, 5000)]
    private static partial Regex HeadingRegex();

    [GeneratedRegex(@"- alert: (?<name>\w+)", RegexOptions.None, 5000)]
    private static partial Regex AlertRegex();

    [GeneratedRegex(@"runbook_url: \S+/docs/runbook\.md#(?<name>\S+)", RegexOptions.None, 5000)]
    private static partial Regex LinkRegex();

    [GeneratedRegex(@"runbook_url: (?<url>[^#\s]+)#", RegexOptions.None, 5000)]
    private static partial Regex BaseRegex();

    [GeneratedRegex("_(?:bucket|count|sum)$", RegexOptions.None, 5000)]
    private static partial Regex PartRegex();

    [GeneratedRegex("_(?:seconds|bytes)$", RegexOptions.None, 5000)]
    private static partial Regex UnitRegex();
}
