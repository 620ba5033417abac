namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>What a sender may ask of the receiver. What is too long is cut, what is too many is left out or refused.</summary>
internal sealed record OtlpLimits
{
    /// <summary>The longest accepted message in bytes, compressed and decompressed; a longer one is refused.</summary>
    public int MaxMessageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Spans, log records or data points in a message; a message with more is refused.</summary>
    public int MaxRecords { get; init; } = 20_000;

    /// <summary>Attributes of a record; more are left out.</summary>
    public int MaxAttributes { get; init; } = 64;

    /// <summary>Events of a span; more are left out.</summary>
    public int MaxEvents { get; init; } = 32;

    /// <summary>Buckets of a histogram's data point; a message with more is refused.</summary>
    public int MaxBuckets { get; init; } = 1024;

    /// <summary>The length of a text in bytes of UTF-8; longer ones are cut and end in <c>…</c>.</summary>
    public int MaxTextBytes { get; init; } = 8 * 1024;

    /// <summary>The length of a name (of a span, an attribute, an instrument, a resource) in bytes of UTF-8; longer ones are cut.</summary>
    public int MaxNameBytes { get; init; } = 256;

    /// <summary>How deep an attribute's value may nest; what is deeper is left out.</summary>
    public int MaxDepth { get; init; } = 8;

    /// <summary>Messages that are read and decoded at one time.</summary>
    public int MaxConcurrentMessages { get; init; } = 8;

    /// <summary>How long a sender may take to send a message.</summary>
    public TimeSpan ReadLimit { get; init; } = TimeSpan.FromSeconds(10);
}
