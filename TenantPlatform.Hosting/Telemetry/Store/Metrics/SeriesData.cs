namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>What is drawn of a series.</summary>
internal sealed record SeriesData
{
    public required TelemetryResource Resource { get; init; }

    public required TelemetryAttribute[] Tags { get; init; }

    /// <summary>Levels of gauges and up-down counters; rates per second of counters and of a histogram's count.</summary>
    public required ChartPoint[] Points { get; init; }

    /// <summary>Sums and counts since the sender's start; null for gauges.</summary>
    public ChartPoint[]? Totals { get; init; }

    /// <summary>The median of what came since the point before; null unless a histogram.</summary>
    public ChartPoint[]? P50 { get; init; }

    /// <summary>The 90th percentile, likewise.</summary>
    public ChartPoint[]? P90 { get; init; }

    /// <summary>The 99th percentile, likewise.</summary>
    public ChartPoint[]? P99 { get; init; }
}
