using TenantPlatform.Hosting.Telemetry.Store.Metrics;

namespace TenantPlatform.Hosting.Telemetry.Api;

/// <summary>The instruments that have points.</summary>
internal sealed record InstrumentListBody(InstrumentBody[] Instruments)
{
    // Instances of one resource share its instruments.
    public static InstrumentListBody Of(IReadOnlyList<Instrument> instruments) =>
        new([.. instruments.Select(InstrumentBody.Of).DistinctBy(body => (body.Resource, body.Meter, body.Name))]);
}
