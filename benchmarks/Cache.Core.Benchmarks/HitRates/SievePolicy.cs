namespace Cache.Core.Benchmarks.HitRates;

/// <summary>SIEVE (Zhang et al., NSDI 2024): one queue, a mark per entry, a hand that spares the marked once.</summary>
internal sealed class SievePolicy(int capacity) : ICachePolicy
{
    private readonly Dictionary<int, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _queue = new();
    private LinkedListNode<Entry>? _hand;

    public bool Access(int key)
    {
        if (_entries.TryGetValue(key, out var present))
        {
            present.Value.IsVisited = true;
            return true;
        }

        if (_entries.Count == capacity)
            Evict();
        _entries[key] = _queue.AddFirst(new Entry(key));
        return false;
    }

    private void Evict()
    {
        var hand = _hand ?? _queue.Last!;
        while (hand.Value.IsVisited)
        {
            hand.Value.IsVisited = false;
            hand = hand.Previous ?? _queue.Last!;
        }

        _hand = hand.Previous;
        _queue.Remove(hand);
        _entries.Remove(hand.Value.Key);
    }

    private sealed class Entry(int key)
    {
        public int Key { get; } = key;

        public bool IsVisited { get; set; }
    }
}
