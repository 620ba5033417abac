using TenantPlatform.Hosting.Telemetry.Store.Logs;
using TenantPlatform.Hosting.Telemetry.Store.Metrics;
using TenantPlatform.Hosting.Telemetry.Store.Traces;

namespace TenantPlatform.Hosting.Telemetry.Store;

/// <summary>The telemetry of an application's last minutes, in memory, bounded. Safe for concurrent use.</summary>
internal sealed class TelemetryStore(TelemetryLimits limits, TimeProvider time)
{
    /// <summary>The spans, by trace.</summary>
    public TraceStore Traces { get; } = new(limits);

    /// <summary>The structured logs.</summary>
    public LogStore Logs { get; } = new(limits, time);

    /// <summary>The instruments and their points.</summary>
    public MetricStore Metrics { get; } = new(limits, time);

    /// <summary>Tells when something was added.</summary>
    public TelemetryChanges Changes { get; } = new();

    public void Add(IReadOnlyList<SpanRecord> spans)
    {
        if (spans.Count == 0)
            return;
        Traces.Add(spans);
        Changes.Announce(TelemetryKind.Traces);
    }

    public void Add(IReadOnlyList<LogRecord> logs)
    {
        if (logs.Count == 0)
            return;
        Logs.Add(logs);
        Changes.Announce(TelemetryKind.Logs);
    }

    public void Add(IReadOnlyList<MetricReport> reports)
    {
        if (reports.Count == 0)
            return;
        Metrics.Add(reports);
        Changes.Announce(TelemetryKind.Metrics);
    }
}
