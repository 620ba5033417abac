using System.ComponentModel;

namespace Cache.Core.Benchmarks.Peers;

/// <summary>What is cached. Said to be immutable: both HybridCaches hand the object itself out then, and no copy.</summary>
[ImmutableObject(true)]
internal sealed record Item(int Number)
{
    /// <summary>What the source answers.</summary>
    public static Item Fetched { get; } = new(-1);
}
