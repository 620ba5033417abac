using TenantPlatform.Hosting.Telemetry.Otlp;
using TenantPlatform.Hosting.Telemetry.Store;

namespace TenantPlatform.Hosting.Telemetry.Api;

/// <summary>How much is held, and what was lost.</summary>
internal sealed record CountsBody(
    OtlpCounts Messages, StoreCounts Spans, int Traces, StoreCounts Logs, StoreCounts Points, int Series, double PointMinutes)
{
    public static CountsBody Of(TelemetryStore store, OtlpReceiver receiver) => new(
        receiver.Counts,
        store.Traces.Counts,
        store.Traces.TraceCount,
        store.Logs.Counts,
        store.Metrics.Counts,
        store.Metrics.SeriesCount,
        Math.Round(store.Metrics.Window.TotalMinutes, 1));
}
