namespace TenantPlatform.FaultRuns.Reporting;

/// <summary>Quantiles of measured spans, by nearest rank.</summary>
internal static class Quantiles
{
    /// <summary>The span that the given share of all does not exceed; zero without any.</summary>
    public static TimeSpan Of(IReadOnlyCollection<TimeSpan> spans, double share)
    {
        if (spans.Count == 0)
            return TimeSpan.Zero;
        var sorted = spans.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
