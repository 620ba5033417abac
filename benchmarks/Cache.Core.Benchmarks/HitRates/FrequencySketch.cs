using System.Numerics;

namespace Cache.Core.Benchmarks.HitRates;

/// <summary>How often keys were asked for lately, roughly: four rows of counters up to fifteen, halved from time to time.</summary>
internal sealed class FrequencySketch
{
    private const int Rows = 4;
    private const int Most = 15;
    private static readonly ulong[] Seeds = [0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93];
    private readonly byte[][] _counters;
    private readonly int _shift;
    private readonly int _sample;
    private int _additions;

    public FrequencySketch(int capacity)
    {
        var width = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, capacity));
        _shift = 64 - BitOperations.Log2((uint)width);
        _counters = [.. Enumerable.Range(0, Rows).Select(_ => new byte[width])];
        _sample = capacity * 10;
    }

    public int Of(int key) => Enumerable.Range(0, Rows).Min(row => _counters[row][Index(key, row)]);

    public void Add(int key)
    {
        for (var row = 0; row < Rows; row++)
        {
            ref var counter = ref _counters[row][Index(key, row)];
            if (counter < Most)
                counter++;
        }

        if (++_additions < _sample)
            return;
        _additions /= 2;
        foreach (var row in _counters)
        {
            foreach (ref var counter in row.AsSpan())
                counter >>= 1;
        }
    }

    private int Index(int key, int row) => (int)(((ulong)(uint)key + 1) * Seeds[row] * (Seeds[row] | 1) >> _shift);
}
