namespace Cache.Core.Benchmarks.HitRates;

/// <summary>Evicts what was asked for longest ago, exactly.</summary>
internal sealed class LruPolicy(int capacity) : ICachePolicy
{
    private readonly Dictionary<int, LinkedListNode<int>> _entries = [];
    private readonly LinkedList<int> _order = new();

    public bool Access(int key)
    {
        if (_entries.TryGetValue(key, out var present))
        {
            _order.Remove(present);
            _order.AddFirst(present);
            return true;
        }

        if (_entries.Count == capacity)
        {
            _entries.Remove(_order.Last!.Value);
            _order.RemoveLast();
        }

        _entries[key] = _order.AddFirst(key);
        return false;
    }
}
