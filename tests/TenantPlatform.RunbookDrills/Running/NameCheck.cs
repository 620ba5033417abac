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

    /// <summary>What has never arrived, a line for each.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(PrometheusServer prometheus, AlertRules rules, CancellationToken cancellationToken)
    {
        var wrong = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (where, expression) in rules.All.Select(static rule => (rule.Name, rule.Expression)).Concat(rules.Dashboards.Select(static expression => ("dashboard", expression))))
        {
            var arrived = new HashSet<string>(StringComparer.Ordinal);
            foreach (var selector in SelectorRegex().Matches(expression).Select(static match => match.Value).Distinct(StringComparer.Ordinal))
            {
                var series = await prometheus.SeriesAsync(selector, cancellationToken);
                if (series.Count == 0)
                    wrong.Add($"{where}: {selector} has never arrived");
                arrived.UnionWith(series.SelectMany(static labels => labels));
            }

            foreach (var label in ByRegex().Matches(expression).SelectMany(static match => match.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries)))
            {
                if (arrived.Count > 0 && !arrived.Contains(label))
                    wrong.Add($"{where}: no series has the label {label}: {expression}");
            }
        }

        return [.. wrong];
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

    [GeneratedRegex(@"\b(?:cache|tenant|observer|http|crm|gateway|process|dotnet|db)_[a-z0-9_]+\b(?:\{[^}]*\})?(?=[\[\s)]|$)(?<!cache_tier|cache_outcome|cache_reason|cache_operation|cache_freshness)", RegexOptions.None, 5000)]
    private static partial Regex SelectorRegex();

    [GeneratedRegex(@"\bby \((?<labels>[^)]*)\)", RegexOptions.None, 5000)]
    private static partial Regex ByRegex();
}
