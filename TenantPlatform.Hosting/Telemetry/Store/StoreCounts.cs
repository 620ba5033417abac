namespace TenantPlatform.Hosting.Telemetry.Store;

/// <summary>How full a store is.</summary>
/// <param name="Items">Spans, logs or points held.</param>
/// <param name="Bytes">About how many bytes they occupy.</param>
/// <param name="Dropped">Refused on arrival: repeated, or beyond a limit.</param>
/// <param name="Evicted">Made room for newer ones.</param>
internal sealed record StoreCounts(long Items, long Bytes, long Dropped, long Evicted);
