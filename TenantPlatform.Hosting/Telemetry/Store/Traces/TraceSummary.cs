namespace TenantPlatform.Hosting.Telemetry.Store.Traces;

/// <summary>A trace at one moment. Immutable.</summary>
internal sealed class TraceSummary
{
    public required UInt128 TraceId { get; init; }

    /// <summary>The first span without a parent; while there is none, the first span.</summary>
    public required SpanRecord Root { get; init; }

    /// <summary>Nanoseconds since 1970.</summary>
    public required long Start { get; init; }

    /// <summary>From the first start to the last end, in nanoseconds.</summary>
    public required long Duration { get; init; }

    public required bool HasError { get; init; }

    /// <summary>In the order in which they came.</summary>
    public required ArraySegment<SpanRecord> Spans { get; init; }

    /// <summary>Who took part, in the order in which they came.</summary>
    public required ResourceCount[] Resources { get; init; }
}
