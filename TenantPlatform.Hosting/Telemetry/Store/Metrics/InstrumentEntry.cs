namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>An instrument and its series. Guarded by its store's lock.</summary>
internal sealed class InstrumentEntry(Instrument instrument)
{
    public Instrument Instrument => instrument;

    public Dictionary<TagSet, MetricSeries> Series { get; } = [];
}
