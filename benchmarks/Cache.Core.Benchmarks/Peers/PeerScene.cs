using System.Diagnostics;
using Cache.Core.Benchmarks.Ratios;
using Cache.Core.Benchmarks.Scenes;

namespace Cache.Core.Benchmarks.Peers;

/// <summary>One peer with its keys and entries.</summary>
internal sealed class PeerScene : IDisposable
{
    /// <summary>How many look-ups a round takes: enough that the other peer's rounds have left the processor's caches.</summary>
    private const int FewestPerRound = 20_000, MostPerRound = 200_000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(400);
    private static readonly string[] First = ["first"];
    private readonly Peer _peer;
    private readonly string[] _order;
    private int _at;

    private PeerScene(Peer peer, string[] order, double bytesPerEntry)
    {
        _peer = peer;
        _order = order;
        BytesPerEntry = bytesPerEntry;
        PerRound = Math.Min(Math.Max(FewestPerRound, order.Length), MostPerRound);
    }

    public Peer Peer => _peer;

    /// <summary>What an entry takes on the heap, without its key and its value.</summary>
    public double BytesPerEntry { get; }

    public int PerRound { get; }

    /// <summary>Fills a peer.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="count">How many entries.</param>
    /// <param name="order">In which order everything is made.</param>
    public static async Task<PeerScene> FillAsync(Peer peer, int count, EntryOrder order)
    {
        var random = new Random(11);
        var keys = new string[count];
        var items = new Item[count];
        var places = Enumerable.Range(0, count).ToArray();
        if (order == EntryOrder.Random)
            random.Shuffle(places);

        // The first entry brings what a peer makes once.
        await peer.SetAsync(First, [Item.Fetched]);
        await peer.RemoveAsync(First);
        if (order == EntryOrder.Random)
            Make(0, count);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var n = 0; n < count; n++)
        {
            if (order == EntryOrder.Sequential)
                Make(n, 1);
            var place = places[n];
            await peer.SetAsync(new ArraySegment<string>(keys, place, 1), items[place..(place + 1)]);
        }

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)count;

        // Asked for by equal texts, not by the same ones, as callers do that build them; and in another order than any above.
        var asked = Enumerable.Range(0, count).Select(BenchmarkKeys.Numbered).ToArray();
        random.Shuffle(asked);
        GC.KeepAlive(items);
        return new PeerScene(peer, count == 1 ? [.. Enumerable.Repeat(asked[0], FewestPerRound)] : asked, bytes);

        void Make(int from, int number)
        {
            for (var n = from; n < from + number; n++)
                (keys[n], items[n]) = (BenchmarkKeys.Numbered(n), new Item(n));
        }
    }

    public async Task WarmAsync(PeerKind kind, CancellationToken stop)
    {
        // Many short calls, so that the compiler replaces the whole method and not only its loop.
        var few = Math.Min(500, _order.Length);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < WarmUp)
        {
            stop.ThrowIfCancellationRequested();
            await RoundAsync(kind, few);
        }
    }

    /// <summary>A round of look-ups by each of the threads, from where the last one ended.</summary>
    public Sample Hit(Pair threads, int members)
    {
        var bytes = GC.GetTotalAllocatedBytes();
        var from = _at;
        _at = (_at + PerRound) % _order.Length;
        var took = threads.Run(member => HitFrom((from + (member * (_order.Length / 2))) % _order.Length, PerRound));
        return new Sample(took / PerRound / members, (GC.GetTotalAllocatedBytes() - bytes) / (double)PerRound / members);
    }

    /// <summary>A round of misses or stores.</summary>
    public async Task<Sample> RoundAsync(PeerKind kind, int count)
    {
        var keys = new ArraySegment<string>(_order, _at % Math.Max(1, _order.Length - count), count);
        _at += count;
        if (kind == PeerKind.Misses)
            await _peer.RemoveAsync(keys);
        var bytes = GC.GetTotalAllocatedBytes();
        var began = Stopwatch.GetTimestamp();
        if (kind == PeerKind.Misses)
            await _peer.MissAsync(keys);
        else if (kind == PeerKind.Sets)
            await _peer.SetAsync(keys, [Item.Fetched]);
        else
            _peer.Hit(keys);
        var took = Stopwatch.GetElapsedTime(began);
        return new Sample(took.TotalNanoseconds / count, (GC.GetTotalAllocatedBytes() - bytes) / (double)count);
    }

    public void Dispose() => _peer.Dispose();

    private void HitFrom(int from, int count)
    {
        while (count > 0)
        {
            var batch = Math.Min(count, _order.Length - from);
            _peer.Hit(_order.AsSpan(from, batch));
            (from, count) = (0, count - batch);
        }
    }
}
