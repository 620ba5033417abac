namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>What an instrument's values mean.</summary>
internal enum InstrumentKind
{
    /// <summary>A level at a moment.</summary>
    Gauge,

    /// <summary>A sum that only grows: drawn as a rate.</summary>
    Counter,

    /// <summary>A sum that goes up and down: drawn as a level.</summary>
    UpDownCounter,

    /// <summary>A distribution: drawn as a rate and percentiles.</summary>
    Histogram,
}
