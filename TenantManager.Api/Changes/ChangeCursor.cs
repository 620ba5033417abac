using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace TenantManager.Api.Changes;

/// <summary>Where a reader of the change feed is: everything up to a position of a state is known to it. Opaque on the wire.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ChangeCursor(Guid Epoch, long Position)
{
    private const byte Version = 1;
    private const int Length = 1 + 16 + sizeof(long);

    /// <summary>Its text: at most so long.</summary>
    private const int LongestText = 64;

    public static ChangeCursor? TryParse(string? text)
    {
        if (text is null or { Length: 0 or > LongestText } || !Base64Url.IsValid(text, out var length) || length != Length)
            return null;
        Span<byte> bytes = stackalloc byte[Length];
        Base64Url.DecodeFromChars(text, bytes);
        var position = BinaryPrimitives.ReadInt64BigEndian(bytes[17..]);
        return bytes[0] == Version && position >= 0 ? new ChangeCursor(new Guid(bytes.Slice(1, 16)), position) : null;
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        Epoch.TryWriteBytes(bytes[1..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes[17..], Position);
        return Base64Url.EncodeToString(bytes);
    }
}
