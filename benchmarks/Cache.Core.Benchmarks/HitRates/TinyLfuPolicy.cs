namespace Cache.Core.Benchmarks.HitRates;

/// <summary>W-TinyLFU (Einziger et al.): a window of 1 %, then a segmented LRU that admits who was asked for more often.</summary>
internal sealed class TinyLfuPolicy : ICachePolicy
{
    private readonly Dictionary<int, LinkedListNode<int>> _entries = [];
    private readonly LinkedList<int> _window = new();
    private readonly LinkedList<int> _probation = new();
    private readonly LinkedList<int> _protected = new();
    private readonly FrequencySketch _sketch;
    private readonly int _windowSize;
    private readonly int _mainSize;
    private readonly int _protectedSize;

    public TinyLfuPolicy(int capacity)
    {
        _sketch = new FrequencySketch(capacity);
        _windowSize = Math.Max(1, capacity / 100);
        _mainSize = Math.Max(1, capacity - _windowSize);
        _protectedSize = _mainSize * 8 / 10;
    }

    public bool Access(int key)
    {
        _sketch.Add(key);
        if (_entries.TryGetValue(key, out var node))
        {
            Touch(node);
            return true;
        }

        _entries[key] = _window.AddFirst(key);
        if (_window.Count > _windowSize)
            Admit(_window.Last!);
        return false;
    }

    private void Touch(LinkedListNode<int> node)
    {
        if (node.List == _window)
        {
            Move(node, _window);
            return;
        }

        Move(node, _protected);
        if (_protected.Count > _protectedSize)
            Move(_protected.Last!, _probation);
    }

    private void Admit(LinkedListNode<int> candidate)
    {
        if (_probation.Count + _protected.Count < _mainSize)
        {
            Move(candidate, _probation);
            return;
        }

        var victim = _probation.Last ?? _protected.Last!;
        if (_sketch.Of(candidate.Value) > _sketch.Of(victim.Value))
        {
            Evict(victim);
            Move(candidate, _probation);
        }
        else
        {
            Evict(candidate);
        }
    }

    private void Evict(LinkedListNode<int> node)
    {
        _entries.Remove(node.Value);
        node.List!.Remove(node);
    }

    private static void Move(LinkedListNode<int> node, LinkedList<int> to)
    {
        node.List!.Remove(node);
        to.AddFirst(node);
    }
}
