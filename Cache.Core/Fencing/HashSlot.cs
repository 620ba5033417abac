using System.Buffers;
using System.Globalization;
using System.Text;

namespace Cache.Core.Fencing;

/// <summary>Which of a Valkey Cluster's 16 384 slots a key without a hash tag is in (CRC16/XMODEM, cluster specification, "Key distribution model").</summary>
internal static class HashSlot
{
    private const int Slots = 16384;

    // Made once, on the first key that needs it: about ten milliseconds.
    private static readonly Lazy<string[]> Tags = new(FindTags);

    /// <summary>A hash tag that lies in the same slot as the whole key.</summary>
    public static string TagBeside(string key)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(key.Length));
        try
        {
            return Tags.Value[Of(bytes.AsSpan(0, Encoding.UTF8.GetBytes(key, bytes)))];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>The slot of what is hashed: a whole key, or its tag.</summary>
    public static int Of(ReadOnlySpan<byte> hashed)
    {
        var crc = 0;
        foreach (var one in hashed)
        {
            crc ^= one << 8;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
        }

        return (crc & 0xFFFF) % Slots;
    }

    /// <summary>The smallest number that lies in each slot.</summary>
    private static string[] FindTags()
    {
        var tags = new string[Slots];
        Span<byte> digits = stackalloc byte[10];
        for (int number = 0, missing = Slots; missing > 0; number++)
        {
            number.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
            ref var tag = ref tags[Of(digits[..length])];
            if (tag is not null)
                continue;
            tag = number.ToString(CultureInfo.InvariantCulture);
            missing--;
        }

        return tags;
    }
}
