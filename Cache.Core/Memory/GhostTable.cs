using System.Numerics;
using System.Runtime.InteropServices;

namespace Cache.Core.Memory;

/// <summary>Remembers by hash which keys were evicted lately from one of the queues. Under the tier's lock.</summary>
/// <remarks>
/// Four-way sets of eight-byte slots, made at the first eviction. It forgets by overwriting the oldest of a set; a false
/// memory costs a better place in the queues, nothing else.
/// </remarks>
internal sealed class GhostTable(int capacity)
{
    private const int Ways = 4;
    private const int MostSlots = 1 << 20;
    private Slot[]? _slots;
    private uint _evictions;

    /// <summary>Remembers an evicted key.</summary>
    public void Remember(ulong hash)
    {
        _slots ??= new Slot[(int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, Ways)), MostSlots)];
        var set = SetOf(hash);
        var oldest = 0;
        for (var way = 1; way < Ways; way++)
        {
            if (_evictions - set[way].Stamp > _evictions - set[oldest].Stamp)
                oldest = way;
        }

        set[oldest] = new Slot((uint)(hash >> 32) | 1, ++_evictions);
    }

    /// <summary>Whether the key was among the last <paramref name="window"/> remembered ones; forgets it.</summary>
    /// <param name="hash">The key's hash.</param>
    /// <param name="window">How many of the last are meant.</param>
    /// <param name="age">How many were remembered after it.</param>
    public bool Forget(ulong hash, int window, out int age)
    {
        age = 0;
        if (_slots is null)
            return false;
        foreach (ref var slot in SetOf(hash))
        {
            if (slot.Fingerprint != ((uint)(hash >> 32) | 1) || _evictions - slot.Stamp >= (uint)window)
                continue;
            age = (int)(_evictions - slot.Stamp);
            slot = default;
            return true;
        }

        return false;
    }

    private Span<Slot> SetOf(ulong hash) => _slots.AsSpan((int)hash & (_slots!.Length - 1) & ~(Ways - 1), Ways);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Slot(uint Fingerprint, uint Stamp);
}
