using TenantPlatform.FaultRuns.Checking;

namespace TenantPlatform.FaultRuns.Reporting;

/// <summary>Quantiles of measured spans, by nearest rank.</summary>
internal static class Quantiles
{
    /// <summary>What <see cref="Spread"/> consists of.</summary>
    public static readonly IReadOnlyList<string> SpreadNames = ["p50", "p99", "worst"];

    /// <summary>How far the spans lie apart, as it is shown.</summary>
    public static IReadOnlyList<string> Spread(IReadOnlyCollection<TimeSpan> spans) =>
        [Show.Span(Of(spans, 0.5)), Show.Span(Of(spans, 0.99)), Show.Span(Of(spans, 1))];

    /// <summary>The span that the given share of all does not exceed; zero without any.</summary>
    public static TimeSpan Of(IReadOnlyCollection<TimeSpan> spans, double share)
    {
        if (spans.Count == 0)
            return TimeSpan.Zero;
        var sorted = spans.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
