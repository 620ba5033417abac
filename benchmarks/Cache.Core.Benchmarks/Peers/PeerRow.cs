namespace Cache.Core.Benchmarks.Peers;

/// <summary>A row of the table.</summary>
/// <param name="Name">What <c>--peers</c> calls it.</param>
/// <param name="Keys">How many keys the caches hold.</param>
/// <param name="Order">How their entries were made.</param>
/// <param name="Kind">What is measured.</param>
/// <param name="Threads">How many threads do it at the same time.</param>
internal sealed record PeerRow(string Name, int Keys, EntryOrder Order, PeerKind Kind, int Threads)
{
    /// <summary>All but the hits in L2, from few keys to many; those that need the same caches follow each other.</summary>
    public static IReadOnlyList<PeerRow> All { get; } =
    [
        .. Hits(1, EntryOrder.Sequential),
        .. Hits(10_000, EntryOrder.Sequential),
        .. Hits(10_000, EntryOrder.Random),
        new("misses-10000", 10_000, EntryOrder.Random, PeerKind.Misses, 1),
        new("sets-10000", 10_000, EntryOrder.Random, PeerKind.Sets, 1),
        .. Hits(100_000, EntryOrder.Sequential),
        .. Hits(100_000, EntryOrder.Random),
        .. Hits(1_000_000, EntryOrder.Sequential),
        .. Hits(1_000_000, EntryOrder.Random),
        new("bytes-1000000", 1_000_000, EntryOrder.Random, PeerKind.Bytes, 1),
    ];

    /// <summary>How the row is measured again.</summary>
    public string Command => $"--peers {Name}";

    private static IEnumerable<PeerRow> Hits(int keys, EntryOrder order)
    {
        var made = keys == 1 ? string.Empty : order == EntryOrder.Random ? "-random" : "-sequential";
        return [new($"hits-{keys}{made}-1-thread", keys, order, PeerKind.Hits, 1), new($"hits-{keys}{made}-2-threads", keys, order, PeerKind.Hits, 2)];
    }
}
