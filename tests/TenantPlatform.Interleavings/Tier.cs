using Cache.Core.Coherence;
using Cache.Core.Diagnostics;
using Cache.Core.Memory;

namespace TenantPlatform.Interleavings;

/// <summary>L1 with short words for what the scenarios do to it.</summary>
internal sealed class Tier
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public MemoryTier L1 { get; } = new(new MemoryTierOptions(), new StillTime(), CacheMetrics.Shared, new CoherenceProof());

    public FillResult Fill(string key, long epoch, string value, long? revision) =>
        L1.Fill(key, epoch, value, revision, new EntryTerms(Hour, Hour, Hour));

    public string? Fresh(string key) => L1.TryGetFresh<string>(key, out var entry) ? entry.Value : null;

    public string? Stale(string key) => L1.TryGetStale<string>(key, out var entry) ? entry.Value : null;
}
