using System.Runtime.CompilerServices;

namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>The last points of a series, oldest first. Grows and shrinks with what it holds, up to a limit.</summary>
internal sealed class PointRing<T>(int limit)
    where T : struct
{
    private const int Least = 8;

    private T[] _items = new T[Least];
    private int _head;

    public int Count { get; private set; }

    /// <summary>What the points occupy, in bytes.</summary>
    public long Bytes => (long)_items.Length * Unsafe.SizeOf<T>();

    public ref T this[int index] => ref _items[(_head + index) % _items.Length];

    /// <summary>Adds a point; the oldest makes room.</summary>
    public void Add(T item)
    {
        if (Count == limit)
            RemoveFirst(1);
        if (Count == _items.Length)
            Resize(Math.Min(limit, Count * 2));
        Count++;
        this[Count - 1] = item;
    }

    public void RemoveFirst(int count)
    {
        _head = (_head + count) % _items.Length;
        Count -= count;
        if (_items.Length > Least && Count < _items.Length / 4)
            Resize(Math.Max(Least, Count * 2));
    }

    private void Resize(int capacity)
    {
        var items = new T[capacity];
        for (var index = 0; index < Count; index++)
            items[index] = this[index];
        (_items, _head) = (items, 0);
    }
}
