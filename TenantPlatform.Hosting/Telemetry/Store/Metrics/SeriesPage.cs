namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>The series of the instruments of one name, and how many there are in all; no instrument when there is none.</summary>
internal sealed record SeriesPage(Instrument? Instrument, int Total, IReadOnlyList<SeriesData> Series);
