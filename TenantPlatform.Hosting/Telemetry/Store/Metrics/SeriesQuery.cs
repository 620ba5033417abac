namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>Which series to read.</summary>
/// <param name="Name">The instrument's name.</param>
/// <param name="Meter">Its meter; null: any.</param>
/// <param name="Resource">Who sends it; null: anyone.</param>
/// <param name="Window">How far back.</param>
/// <param name="Limit">How many at most.</param>
internal sealed record SeriesQuery(string Name, string? Meter, string? Resource, TimeSpan Window, int Limit)
{
    public bool Matches(Instrument instrument) =>
        instrument.Name == Name
        && (Meter is null || instrument.Meter == Meter)
        && (Resource is null || string.Equals(instrument.Resource.Name, Resource, StringComparison.OrdinalIgnoreCase));
}
