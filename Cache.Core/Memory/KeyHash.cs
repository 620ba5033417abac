using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Cache.Core.Memory;

/// <summary>A fast hash of keys for L1's own table: sixteen bytes a step, multiplied and folded, no step waiting for the one before.</summary>
/// <remarks>
/// Each step has numbers of its own, drawn at process start, so that who chooses keys cannot aim at one bucket.
/// It differs between processes: never store it.
/// </remarks>
internal static class KeyHash
{
    private const int Step = 2 * sizeof(ulong);
    private const int Draws = 64;
    private static readonly ulong[] Secrets = [.. Enumerable.Range(0, Draws).Select(_ => Draw())];
    private static readonly ulong Seed = Draw();
    private static readonly ulong Secret1 = Draw();
    private static readonly ulong Secret2 = Draw();
    private static readonly ulong Secret3 = Draw();

    /// <summary>The key's hash; the same for a text and a span of the same characters.</summary>
    public static ulong Of(ReadOnlySpan<char> key)
    {
        ref var start = ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(key));
        nint length = key.Length * sizeof(char);
        var sum = Seed + (ulong)length;
        if (length <= Step)
            return Mix((sum + Mix(Short(ref start, (int)length, out var second) ^ Secret1, second ^ Secret2)) ^ Secret3, Seed);

        ref var secrets = ref MemoryMarshal.GetArrayDataReference(Secrets);
        var last = length - Step;
        nint draw = 0;
        for (nint at = 0; at < last; at += Step, draw += 2)
        {
            if (draw == Draws)
            {
                // Very long keys use the numbers again, after a fold that makes the order count.
                sum = Mix(sum ^ Secret3, Seed);
                draw = 0;
            }

            sum += Mix(Read(ref start, at) ^ Unsafe.Add(ref secrets, draw), Read(ref start, at + sizeof(ulong)) ^ Unsafe.Add(ref secrets, draw + 1));
        }

        // The last sixteen bytes, overlapping what has been read already.
        sum += Mix(Read(ref start, last) ^ Secret1, Read(ref start, last + sizeof(ulong)) ^ Secret2);
        return Mix(sum ^ Secret3, Seed);
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

    private static ulong Mix(ulong one, ulong other)
    {
        var high = Math.BigMul(one, other, out ulong low);
        return high ^ low;
    }

    private static ulong Read(ref byte start, nint offset) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, offset));

    // Odd: a factor of zero would swallow the other one.
    private static ulong Draw() => MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;
}
