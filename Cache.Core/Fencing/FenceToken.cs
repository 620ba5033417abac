using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Cache.Core.Fencing;

/// <summary>Generations and lease owners: unique, so that one of a fence that Valkey has lost never matches a later one.</summary>
/// <remarks>
/// Half of it is this process's, drawn at random, half counts from a random beginning: two are the same only if two processes have
/// drawn the same 64 bits and have come to the same number.
/// </remarks>
internal static class FenceToken
{
    private static readonly ulong Process = Random();
    private static ulong _last = Random();

    public static string New() => string.Create(32, (Process, Number: Interlocked.Increment(ref _last)), static (text, token) =>
    {
        token.Process.TryFormat(text, out _, "x16", System.Globalization.CultureInfo.InvariantCulture);
        token.Number.TryFormat(text[16..], out _, "x16", System.Globalization.CultureInfo.InvariantCulture);
    });

    private static ulong Random()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
