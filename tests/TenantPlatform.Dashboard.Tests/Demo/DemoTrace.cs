namespace TenantPlatform.Dashboard.Tests.Demo;

/// <summary>A trace as the telemetry API tells it.</summary>
internal sealed record DemoTrace(string TraceId, DateTimeOffset Start, IReadOnlyList<DemoSpan> Spans)
{
    public string Name => Spans[0].Name;

    public string Resource => Spans[0].Resource;

    public double DurationMs => Spans[0].DurationMs;

    public int SpanCount => Spans.Count;

    public bool HasError => Spans.Any(span => span.Status == "Error");

    public IReadOnlyList<DemoPart> Resources => [.. Spans.GroupBy(span => span.Resource).Select(group => new DemoPart(group.Key, group.Count()))];
}
