using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace Cache.Core.Memory;

/// <summary>
/// A fast hash of keys for L1's own table: with AVX2 four products of 32 bits a step, as XXH3 has them; otherwise, and for very
/// short and very long keys, products of 64 bits folded in three lanes, as wyhash has them.
/// </summary>
/// <remarks>
/// Every operand is mixed with numbers drawn at process start, so that who chooses keys cannot aim at one bucket.
/// It differs between processes: never store it.
/// </remarks>
internal static class KeyHash
{
    private const int Wide = 32;
    private const int LongestWide = 15 * Wide;
    private const int LastDraw = LongestWide / sizeof(ulong);
    private const int FirstSum = LastDraw + 4;
    private static readonly ulong[] Draws = [.. Enumerable.Range(0, FirstSum + 4).Select(_ => Draw())];
    private static readonly ulong Seed = Draw();
    private static readonly ulong Secret1 = Draw();
    private static readonly ulong Secret2 = Draw();
    private static readonly ulong Secret3 = Draw();

    /// <summary>The key's hash; the same for a text and a span of the same characters.</summary>
    public static ulong Of(ReadOnlySpan<char> key)
    {
        ref var start = ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(key));
        var length = key.Length * sizeof(char);
        if (Avx2.IsSupported && length is >= Wide and <= LongestWide)
            return OfWide(ref start, length);
        var hash = Seed;
        if (length <= 16)
            return Finish(Short(ref start, length, out var second) ^ Secret1, second ^ hash, length);

        nint at = 0;
        nint left = length;
        if (left > 48)
        {
            var lane2 = hash;
            var lane3 = hash;
            do
            {
                hash = Mix(Read(ref start, at) ^ Secret1, Read(ref start, at + 8) ^ hash);
                lane2 = Mix(Read(ref start, at + 16) ^ Secret2, Read(ref start, at + 24) ^ lane2);
                lane3 = Mix(Read(ref start, at + 32) ^ Secret3, Read(ref start, at + 40) ^ lane3);
                at += 48;
                left -= 48;
            }
            while (left > 48);
            hash ^= lane2 ^ lane3;
        }

        for (; left > 16; at += 16, left -= 16)
            hash = Mix(Read(ref start, at) ^ Secret1, Read(ref start, at + 8) ^ hash);

        // The last sixteen bytes, overlapping what has been read already.
        return Finish(Read(ref start, length - 16) ^ Secret1, Read(ref start, length - 8) ^ hash, length);
    }

    private static ulong OfWide(ref byte start, int length)
    {
        ref var draws = ref MemoryMarshal.GetArrayDataReference(Draws);
        var sums = Vector256.LoadUnsafe(ref draws, FirstSum);
        nuint draw = 0;
        nuint last = (nuint)(length - Wide);
        for (nuint at = 0; at < last; at += Wide, draw += 4)
            sums += Product(Vector256.LoadUnsafe(ref start, at).AsUInt64(), Vector256.LoadUnsafe(ref draws, draw));

        // The last step overlaps what has been read already.
        sums += Product(Vector256.LoadUnsafe(ref start, last).AsUInt64(), Vector256.LoadUnsafe(ref draws, LastDraw));
        var (low, high) = (sums.GetLower(), sums.GetUpper());

        // Four products side by side; folding them one into the other, as wyhash does, would be a third of the whole hash.
        return Spread((low[0] * Secret1) + (low[1] * Secret2) + (high[0] * Secret3) + (high[1] * Seed) + (ulong)length);
    }

    /// <summary>What differs in the high bits shows in the low ones, by which buckets are chosen.</summary>
    private static ulong Spread(ulong hash)
    {
        hash = (hash ^ (hash >>> 32)) * Secret2;
        return hash ^ (hash >>> 29);
    }

    /// <summary>Of each word, one half times the other; and the neighbouring word as it is, lest a half of zero hides the other.</summary>
    private static Vector256<ulong> Product(Vector256<ulong> words, Vector256<ulong> draws)
    {
        const byte swapWords = 0b_01_00_11_10;
        var mixed = words ^ draws;
        return Avx2.Multiply(mixed.AsUInt32(), (mixed >>> 32).AsUInt32()) + Avx2.Shuffle(words.AsUInt32(), swapWords).AsUInt64();
    }

    private static ulong Short(ref byte start, int length, out ulong second)
    {
        switch (length)
        {
            case >= 8:
                second = Read(ref start, length - 8);
                return Read(ref start, 0);
            case >= 4:
                second = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, length - 4));
                return Unsafe.ReadUnaligned<uint>(ref start);
            case 2:
                second = 0;
                return Unsafe.ReadUnaligned<ushort>(ref start);
            default:
                second = 0;
                return 0;
        }
    }

    private static ulong Finish(ulong one, ulong other, int length) => Mix(Secret2 ^ (ulong)length, Mix(one, other));

    private static ulong Mix(ulong one, ulong other)
    {
        var high = Math.BigMul(one, other, out ulong low);
        return high ^ low;
    }

    private static ulong Read(ref byte start, nint offset) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, offset));

    // Odd: a factor of zero would swallow the other one.
    private static ulong Draw() => MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;
}
