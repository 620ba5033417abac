#pragma warning disable IDE0130, MA0048 // The real one's name: that is how it is found.
namespace Microsoft.Extensions.Caching.Hybrid;

/// <summary>Stands in for the options of the package Microsoft.Extensions.Caching.Hybrid: same name, same members, same defaults.</summary>
public sealed class HybridCacheOptions
{
    public HybridCacheEntryOptions? DefaultEntryOptions { get; set; }

    public bool DisableCompression { get; set; }

    public long MaximumPayloadBytes { get; set; } = 1024 * 1024;

    public int MaximumKeyLength { get; set; } = 1024;

    public bool ReportTagMetrics { get; set; }
}
