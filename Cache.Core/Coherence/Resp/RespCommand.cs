using System.Buffers;
using System.Globalization;
using System.Text;

namespace Cache.Core.Coherence.Resp;

/// <summary>Commands as bytes: an array of blobs, which both versions of the protocol read.</summary>
internal static class RespCommand
{
    /// <summary>One command.</summary>
    public static byte[] Encode(params ReadOnlySpan<string> parts)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        Header(buffer, '*', parts.Length);
        foreach (var part in parts)
        {
            Header(buffer, '$', Encoding.UTF8.GetByteCount(part));
            Encoding.UTF8.GetBytes(part, buffer);
            buffer.Write("\r\n"u8);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Header(ArrayBufferWriter<byte> buffer, char type, int number) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{type}{number}\r\n"), buffer);
}
