using Cache.Core.Coherence;
using Cache.Core.Diagnostics;
using Cache.Core.Memory;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Memory;

/// <summary>A tier on time that a test moves, with short words for what the tests do to it.</summary>
internal sealed class Tiers
{
    public static readonly TimeSpan Soft = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan Hard = TimeSpan.FromHours(1);
    public static readonly TimeSpan Recheck = TimeSpan.FromSeconds(5);

    public Tiers(MemoryTierOptions? options = null) =>
        Tier = new MemoryTier(options ?? new MemoryTierOptions(), Time, CacheMetrics.Shared, Coherence);

    public FakeTimeProvider Time { get; } = new();

    public CoherenceProof Coherence { get; } = new();

    public MemoryTier Tier { get; }

    public FillResult Fill(string key, string value, long? revision = null, long? epoch = null, long size = 0, int? proof = null) =>
        Tier.Fill(key, epoch ?? Tier.NoteEpoch(key), value, revision, new EntryTerms(Soft, Soft, Hard, size), proof);

    public string? Fresh(string key) => Tier.TryGetFresh<string>(key, out var entry) ? entry.Value : null;

    public string? Stale(string key) => Tier.TryGetStale<string>(key, out var entry) ? entry.Value : null;

    public bool IsDenied(string key) => Tier.TryGetDenied(key, out _, out _);
}
