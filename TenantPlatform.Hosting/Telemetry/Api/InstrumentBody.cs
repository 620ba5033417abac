using TenantPlatform.Hosting.Telemetry.Store.Metrics;

namespace TenantPlatform.Hosting.Telemetry.Api;

/// <summary>An instrument; its kind is <c>gauge</c>, <c>counter</c>, <c>updowncounter</c> or <c>histogram</c>.</summary>
internal sealed record InstrumentBody(string Resource, string Meter, string Name, string Unit, string Description, string Kind)
{
    public static InstrumentBody Of(Instrument instrument) => new(
        instrument.Resource.Name, instrument.Meter, instrument.Name, instrument.Unit, instrument.Description, KindOf(instrument.Kind));

    public static string KindOf(InstrumentKind kind) => kind switch
    {
        InstrumentKind.Counter => "counter",
        InstrumentKind.UpDownCounter => "updowncounter",
        InstrumentKind.Histogram => "histogram",
        _ => "gauge",
    };
}
