using TenantPlatform.Hosting.Telemetry.Store.Metrics;

namespace TenantPlatform.Hosting.Telemetry.Api;

/// <summary>The series of an instrument; empty, without unit and kind, when nobody has sent it.</summary>
internal sealed record SeriesListBody(string? Unit, string? Kind, int Total, SeriesBody[] Series)
{
    public static SeriesListBody Of(SeriesPage page) => new(
        page.Instrument?.Unit,
        page.Instrument is null ? null : InstrumentBody.KindOf(page.Instrument.Kind),
        page.Total,
        [.. page.Series.Select(SeriesBody.Of)]);
}
