namespace Cache.Core;

/// <summary>Where an answer came from.</summary>
public enum CacheSource
{
    /// <summary>L1, in this process.</summary>
    L1,

    /// <summary>L2, Valkey.</summary>
    L2,

    /// <summary>The source, through a fetch.</summary>
    Fetch,

    /// <summary>
    /// The snapshot on disk, because L2 and the source are both away (<see cref="Tiered.TieredCacheOptions.LastKnownGood"/>). A value is
    /// stale then, and its age counts from when the source has last answered it.
    /// </summary>
    LastKnownGood,
}
