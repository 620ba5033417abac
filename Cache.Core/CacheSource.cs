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
}
