namespace Cache.Core.Memory;

/// <summary>Where an entry waits for its eviction.</summary>
internal enum EntryPlace : byte
{
    /// <summary>Nowhere: not stored yet, or removed.</summary>
    None,

    /// <summary>Among the new ones, of which most are never asked for again.</summary>
    Small,

    /// <summary>Among those that were asked for again.</summary>
    Main,
}
