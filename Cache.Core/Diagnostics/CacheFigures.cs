namespace Cache.Core.Diagnostics;

/// <summary>What the caches of this process have counted since it started, all of them together: the figures behind its metrics.</summary>
public sealed record CacheFigures
{
    /// <summary>Entries in L1.</summary>
    public long L1Entries { get; init; }

    /// <summary>What L1's entries weigh, in bytes.</summary>
    public long L1Bytes { get; init; }

    /// <summary>Entries that L1 removed to make room.</summary>
    public long L1Evictions { get; init; }

    /// <summary>Fills of L1 that were rejected because the key was invalidated meanwhile.</summary>
    public long L1RejectedFills { get; init; }

    /// <summary>Denied keys in L1.</summary>
    public long L1Tombstones { get; init; }

    /// <summary>Lookups that found a fresh value in L1.</summary>
    public long L1Hits { get; init; }

    /// <summary>Lookups that were answered with a value of L1 past its soft expiration.</summary>
    public long L1StaleHits { get; init; }

    /// <summary>Lookups that L1 could not answer.</summary>
    public long L1Misses { get; init; }

    /// <summary>Lookups that found a fresh value in L2.</summary>
    public long L2Hits { get; init; }

    /// <summary>Lookups that found a value in L2 past its soft expiration.</summary>
    public long L2StaleHits { get; init; }

    /// <summary>Lookups that L2 could not answer.</summary>
    public long L2Misses { get; init; }

    /// <summary>Writes to L2 that its fence rejected.</summary>
    public long L2RejectedFills { get; init; }

    /// <summary>The figures as they are now.</summary>
    public static CacheFigures Read() => CacheMetrics.Shared.Figures();
}
