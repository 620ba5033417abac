using System.Buffers;
using System.Text;
using Cache.Core.Formats;
using Cache.Core.Tagging;

namespace TenantPlatform.Fuzzing.Targets;

/// <summary>Takes inputs apart.</summary>
internal static class Bytes
{
    /// <summary>As a text; what is not UTF-8 becomes what everybody else makes of it.</summary>
    public static string Text(ReadOnlySpan<byte> input) => Encoding.UTF8.GetString(input);

    /// <summary>As so many lines; those that are missing are empty, and the last one has the rest.</summary>
    public static string[] Lines(byte[] input, int count)
    {
        var lines = Text(input).Split('\n', count);
        return [.. lines, .. Enumerable.Repeat(string.Empty, count - lines.Length)];
    }

    /// <summary>The first byte, and what is behind it.</summary>
    public static (byte First, byte[] Others) Head(byte[] input) => input is [var first, .. var others] ? (first, others) : ((byte)0, []);

    /// <summary>What a format writes.</summary>
    public static byte[] Write<T>(IValueFormat format, string key, T value, IReadOnlyList<TagStamp> tags)
    {
        var target = new ArrayBufferWriter<byte>();
        format.Write(key, value, tags, target);
        return target.WrittenSpan.ToArray();
    }
}
