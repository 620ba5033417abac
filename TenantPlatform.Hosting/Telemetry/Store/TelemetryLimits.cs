namespace TenantPlatform.Hosting.Telemetry.Store;

/// <summary>What the store holds at most. The oldest goes first.</summary>
internal sealed record TelemetryLimits
{
    /// <summary>Spans of all traces together; whole traces are evicted.</summary>
    public int MaxSpans { get; init; } = 10_000;

    /// <summary>Spans of one trace; more are dropped.</summary>
    public int MaxSpansPerTrace { get; init; } = 1_000;

    /// <summary>The estimated size of all spans in bytes.</summary>
    public long MaxSpanBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Structured logs.</summary>
    public int MaxLogs { get; init; } = 10_000;

    /// <summary>The estimated size of all logs in bytes.</summary>
    public long MaxLogBytes { get; init; } = 24 * 1024 * 1024;

    /// <summary>Series of all instruments together; points of more are dropped.</summary>
    public int MaxSeries { get; init; } = 2_000;

    /// <summary>The estimated size of all series' tags in bytes; series that do not fit are dropped.</summary>
    public long MaxTagBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>The size of all points in bytes; when there is more, the time for which points are kept shrinks.</summary>
    public long MaxPointBytes { get; init; } = 24 * 1024 * 1024;

    /// <summary>How long points are kept.</summary>
    public TimeSpan MetricRetention { get; init; } = TimeSpan.FromMinutes(15);
}
