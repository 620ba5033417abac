using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Cache.Core.Memory;

/// <summary>A fast hash of keys for L1's own table: 64-bit multiply and fold, three lanes wide.</summary>
/// <remarks>
/// Every operand is mixed with numbers drawn at process start, so that who chooses keys cannot aim at one bucket.
/// It differs between processes: never store it.
/// </remarks>
internal static class KeyHash
{
    private static readonly ulong Seed = Draw();
    private static readonly ulong Secret1 = Draw();
    private static readonly ulong Secret2 = Draw();
    private static readonly ulong Secret3 = Draw();

    /// <summary>The key's hash; the same for a text and a span of the same characters.</summary>
    public static ulong Of(ReadOnlySpan<char> key)
    {
        ref var start = ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(key));
        var length = key.Length * sizeof(char);
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
