namespace TenantPlatform.Hosting.Telemetry.Store.Traces;

/// <summary>A span as it was received. Immutable.</summary>
internal sealed class SpanRecord
{
    private const int OwnSize = 160;
    private const int EventSize = 48;

    public required UInt128 TraceId { get; init; }

    public required ulong SpanId { get; init; }

    /// <summary>The parent's id; zero: none.</summary>
    public required ulong ParentId { get; init; }

    public required string Name { get; init; }

    public required SpanKind Kind { get; init; }

    public required SpanStatus Status { get; init; }

    public required string? StatusMessage { get; init; }

    /// <summary>Nanoseconds since 1970.</summary>
    public required long Start { get; init; }

    /// <summary>Nanoseconds.</summary>
    public required long Duration { get; init; }

    public required TelemetryResource Resource { get; init; }

    public required string Scope { get; init; }

    public required TelemetryAttribute[] Attributes { get; init; }

    public required SpanEvent[] Events { get; init; }

    /// <summary>Nanoseconds since 1970.</summary>
    public long End => Start > long.MaxValue - Duration ? long.MaxValue : Start + Duration;

    /// <summary>About how many bytes it occupies.</summary>
    public int EstimateSize()
    {
        var size = OwnSize + RecordSize.Of(Name) + RecordSize.Of(Scope) + RecordSize.Of(StatusMessage) + RecordSize.Of(Attributes);
        foreach (var item in Events)
            size += EventSize + RecordSize.Of(item.Name) + RecordSize.Of(item.Attributes);
        return size;
    }
}
