using System.Text;

namespace Cache.Core.Valkey.Resp;

/// <summary>The slot of a key in a cluster: CRC-16 (XMODEM) of its hash tag, or of the whole key.</summary>
internal static class ClusterSlot
{
    public const int Count = 16384;
    private const int Polynomial = 0x1021;
    private static readonly ushort[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    public static int Of(string key)
    {
        var open = key.IndexOf('{', StringComparison.Ordinal);
        var close = open < 0 ? -1 : key.IndexOf('}', open + 1);
        var tag = close > open + 1 ? key.AsSpan(open + 1, close - open - 1) : key;
        Span<byte> few = stackalloc byte[256];
        var size = Encoding.UTF8.GetByteCount(tag);
        var bytes = size <= few.Length ? few[..size] : new byte[size];
        Encoding.UTF8.GetBytes(tag, bytes);
        ushort sum = 0;
        foreach (var one in bytes)
            sum = (ushort)((sum << 8) ^ Table[(sum >> 8) ^ one]);
        return sum % Count;
    }

    private static ushort Entry(int index)
    {
        var entry = index << 8;
        for (var bit = 0; bit < 8; bit++)
            entry = (entry & 0x8000) != 0 ? (entry << 1) ^ Polynomial : entry << 1;
        return (ushort)entry;
    }
}
