using System.Numerics;

namespace Cache.Core.Memory;

/// <summary>A span of timestamps in four bytes: 26 bits and how far they are shifted. Never longer than it was, and shorter by less than a 33-millionth part.</summary>
internal readonly struct CoarseSpan
{
    private const int Bits = 26;
    private const uint Mantissa = (1u << Bits) - 1;
    private const uint Endless = uint.MaxValue;
    private readonly uint _coded;

    private CoarseSpan(uint coded) => _coded = coded;

    /// <summary>The span between two moments, of which the second is not before the first. What ends at <see cref="long.MaxValue"/> never ends.</summary>
    public static CoarseSpan Between(long from, long to)
    {
        if (to == long.MaxValue)
            return new CoarseSpan(from == long.MaxValue ? 0 : Endless);
        var span = (ulong)(to - from);
        var shift = Math.Max(0, 64 - BitOperations.LeadingZeroCount(span) - Bits);
        return new CoarseSpan(((uint)shift << Bits) | (uint)(span >> shift));
    }

    /// <summary>The moment that lies this span after another one.</summary>
    public long After(long moment) => _coded == Endless ? long.MaxValue : moment + ((long)(_coded & Mantissa) << (int)(_coded >> Bits));
}
