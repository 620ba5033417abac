using System.Text.RegularExpressions;
using TenantPlatform.RunbookDrills.Monitoring;
using TenantPlatform.RunbookDrills.Rules;

namespace TenantPlatform.RunbookDrills.Running;

/// <summary>Whether what alerts and dashboards ask for arrives under that name, with these labels.</summary>
internal static partial class NameCheck
{
    private static readonly (string Job, string Metric)[] Proofs =
    [
        ("ledger", "cache_hits_total"), ("ledger", "tenant_pools"), ("gateway", "cache_hits_total"),
        ("tenant-manager", "tenant_events_waiting"), ("observer", "observer_stale_oldest_seconds"),
    ];

    /// <summary>What has never arrived, a line for each: of alerts every series that they ask for, of dashboards every metric and label.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(PrometheusServer prometheus, AlertRules rules, CancellationToken cancellationToken)
    {
        var wrong = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var rule in rules.All)
            await CheckAsync(rule.Name, rule.Expression, isExact: true);

        // What a panel shows need not have happened here, such as a request that a limit refused.
        foreach (var expression in rules.Dashboards)
            await CheckAsync("dashboard", expression, isExact: false);
        return [.. wrong];

        async Task CheckAsync(string where, string expression, bool isExact)
        {
            var arrived = new HashSet<string>(StringComparer.Ordinal);
            var labels = ByRegex().Matches(expression).SelectMany(static match => match.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries)).ToHashSet(StringComparer.Ordinal);
            foreach (Match selector in SelectorRegex().Matches(expression))
            {
                var asked = isExact ? selector.Value : selector.Groups["name"].Value;
                var series = await prometheus.SeriesAsync(asked, cancellationToken);
                if (series.Count == 0)
                    wrong.Add($"{where}: {asked} has never arrived");
                arrived.UnionWith(series.SelectMany(static one => one));
                labels.UnionWith(LabelRegex().Matches(selector.Groups["matchers"].Value).Select(static match => match.Value));
            }

            wrong.UnionWith(labels.Except(arrived, StringComparer.Ordinal).Where(_ => arrived.Count > 0).Select(label => $"{where}: no series has the label {label}: {expression}"));
        }
    }

    /// <summary>That silence is not for want of metrics: which service sends none.</summary>
    public static async Task<IReadOnlyList<string>> ArrivedAsync(PrometheusServer prometheus, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        foreach (var (job, metric) in Proofs)
        {
            if ((await prometheus.SeriesAsync($"{metric}{{job=\"{job}\"}}", cancellationToken)).Count == 0)
                missing.Add($"{job} has sent no {metric}");
        }

        return missing;
    }

    [GeneratedRegex(@"\b(?<name>(?:cache|tenant|observer|http|crm|gateway|process|dotnet|db)_[a-z0-9_]+)\b(?<matchers>\{[^}]*\})?(?=[\[\s)]|$)(?<!cache_tier|cache_outcome|cache_reason|cache_operation|cache_freshness)", RegexOptions.None, 5000)]
    private static partial Regex SelectorRegex();

    [GeneratedRegex(@"\w+(?==)", RegexOptions.None, 5000)]
    private static partial Regex LabelRegex();

    [GeneratedRegex(@"\bby \((?<labels>[^)]*)\)", RegexOptions.None, 5000)]
    private static partial Regex ByRegex();
}
