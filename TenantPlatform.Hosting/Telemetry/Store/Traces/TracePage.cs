namespace TenantPlatform.Hosting.Telemetry.Store.Traces;

/// <summary>A part of the list of traces, latest start first, and how many there are in all.</summary>
internal sealed record TracePage(int Total, IReadOnlyList<TraceSummary> Traces);
