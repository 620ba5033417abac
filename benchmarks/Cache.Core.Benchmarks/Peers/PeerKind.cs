namespace Cache.Core.Benchmarks.Peers;

/// <summary>What a row of the table measures.</summary>
internal enum PeerKind
{
    /// <summary>Look-ups of keys that are there, in random order.</summary>
    Hits,

    /// <summary>Look-ups of keys that are not there, with a source that answers at once, and the fill.</summary>
    Misses,

    /// <summary>Stores over what is there.</summary>
    Sets,

    /// <summary>What an entry takes on the heap, without its key and its value.</summary>
    Bytes,
}
