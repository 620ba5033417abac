using System.Text.Json.Serialization;
using TenantPlatform.Hosting.Telemetry.Store;
using TenantPlatform.Hosting.Telemetry.Store.Metrics;

namespace TenantPlatform.Hosting.Telemetry.Api;

/// <summary>A series; points are <c>[epoch milliseconds, value or null]</c>.</summary>
internal sealed record SeriesBody(
    string Resource,
    string? Instance,
    [property: JsonConverter(typeof(AttributesConverter))] TelemetryAttribute[] Tags,
    ChartPoint[] Points,
    ChartPoint[]? Totals,
    ChartPoint[]? P50,
    ChartPoint[]? P90,
    ChartPoint[]? P99)
{
    public static SeriesBody Of(SeriesData data) => new(
        data.Resource.Name, data.Resource.Instance, data.Tags, data.Points, data.Totals, data.P50, data.P90, data.P99);
}
