using TenantPlatform.Hosting.Telemetry.Store.Traces;

namespace TenantPlatform.Hosting.Telemetry.Api;

/// <summary>A page of the list of traces.</summary>
internal sealed record TraceListBody(int Total, TraceItemBody[] Traces)
{
    public static TraceListBody Of(TracePage page) => new(page.Total, [.. page.Traces.Select(TraceItemBody.Of)]);
}
