namespace Cache.Core.Benchmarks.Peers;

/// <summary>In which order keys and entries are made, and so how they lie in memory.</summary>
internal enum EntryOrder
{
    /// <summary>Each key, its value and its entry one after another: they are neighbours.</summary>
    Sequential,

    /// <summary>All keys and values first, then the entries in random order: an entry lies anywhere, as after some hours in service.</summary>
    Random,
}
