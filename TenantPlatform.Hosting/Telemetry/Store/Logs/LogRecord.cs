namespace TenantPlatform.Hosting.Telemetry.Store.Logs;

/// <summary>A structured log as it was received. Immutable once it has its id.</summary>
internal sealed class LogRecord
{
    private const int OwnSize = 128;

    /// <summary>Ascending in the order of arrival, over all runs; the store gives it.</summary>
    public long Id { get; internal set; }

    /// <summary>Nanoseconds since 1970; zero until the store, where the sender gave none.</summary>
    public required long Time { get; set; }

    public required LogSeverity Level { get; init; }

    public required TelemetryResource Resource { get; init; }

    public required string Category { get; init; }

    public required string Message { get; init; }

    /// <summary>The exception's text with its stack; null: none.</summary>
    public required string? Exception { get; init; }

    public required TelemetryAttribute[] Attributes { get; init; }

    /// <summary>The trace it was written in; zero: none.</summary>
    public required UInt128 TraceId { get; init; }

    /// <summary>The span it was written in; zero: none.</summary>
    public required ulong SpanId { get; init; }

    /// <summary>About how many bytes it occupies.</summary>
    public int EstimateSize() =>
        OwnSize + RecordSize.Of(Category) + RecordSize.Of(Message) + RecordSize.Of(Exception) + RecordSize.Of(Attributes);
}
