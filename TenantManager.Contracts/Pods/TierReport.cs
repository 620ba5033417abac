namespace TenantManager.Contracts.Pods;

/// <summary>What the caches of a process, or of several, have counted in one tier since they started.</summary>
public sealed record TierReport
{
    /// <summary>In the process.</summary>
    public const string L1 = "l1";

    /// <summary>In Valkey.</summary>
    public const string L2 = "l2";

    /// <summary><see cref="L1"/> or <see cref="L2"/>.</summary>
    public required string Tier { get; init; }

    /// <summary>Entries held; null in L2, which processes share.</summary>
    public long? Entries { get; init; }

    /// <summary>What they weigh, in bytes; null in L2.</summary>
    public long? Bytes { get; init; }

    /// <summary>Lookups that found a fresh value.</summary>
    public long Hits { get; init; }

    /// <summary>Lookups that found a value past its soft expiration.</summary>
    public long StaleHits { get; init; }

    /// <summary>Lookups that the tier could not answer.</summary>
    public long Misses { get; init; }

    /// <summary>Entries removed to make room; null in L2, whose server counts them.</summary>
    public long? Evictions { get; init; }

    /// <summary>Fills rejected because something newer had overtaken them: by the epoch in L1, by the fence in L2.</summary>
    public long Rejected { get; init; }

    /// <summary>Both tiers of one process.</summary>
    public static IReadOnlyList<TierReport> Of(
        long entries,
        long bytes,
        (long Hits, long StaleHits, long Misses) l1,
        (long Hits, long StaleHits, long Misses) l2,
        long evictions = 0,
        (long L1, long L2) rejected = default) =>
    [
        new() { Tier = L1, Entries = entries, Bytes = bytes, Hits = l1.Hits, StaleHits = l1.StaleHits, Misses = l1.Misses, Evictions = evictions, Rejected = rejected.L1 },
        new() { Tier = L2, Hits = l2.Hits, StaleHits = l2.StaleHits, Misses = l2.Misses, Rejected = rejected.L2 },
    ];

    /// <summary>Hits of either kind over lookups, 0 to 1; null before the first lookup.</summary>
    public double? HitRate => Hits + StaleHits + Misses is > 0 and var all ? Math.Round((Hits + StaleHits) / (double)all, 4) : null;
}
