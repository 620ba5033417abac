using System.Text;

namespace TenantPlatform.Hosting.Running;

/// <summary>Header fields that are for the next hop only and must not be passed on (RFC 9110, section 7.6.1).</summary>
internal static class HopByHop
{
    public static FieldKind KindOf(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when Is(name, "TE"u8) => FieldKind.HopByHop,
        4 when Is(name, "Host"u8) => FieldKind.Host,
        6 when Is(name, "Expect"u8) => FieldKind.Expect,
        7 when Is(name, "Upgrade"u8) => FieldKind.Upgrade,
        7 when Is(name, "Trailer"u8) => FieldKind.HopByHop,
        10 when Is(name, "Connection"u8) => FieldKind.Connection,
        10 when Is(name, "Keep-Alive"u8) => FieldKind.HopByHop,
        14 when Is(name, "Content-Length"u8) => FieldKind.ContentLength,
        16 when Is(name, "X-Forwarded-Host"u8) => FieldKind.ForwardedHost,
        16 when Is(name, "Proxy-Connection"u8) => FieldKind.HopByHop,
        17 when Is(name, "Transfer-Encoding"u8) => FieldKind.TransferEncoding,
        17 when Is(name, "X-Forwarded-Proto"u8) => FieldKind.ForwardedProto,
        18 when Is(name, "Proxy-Authenticate"u8) => FieldKind.HopByHop,
        19 when Is(name, "Proxy-Authorization"u8) => FieldKind.HopByHop,
        _ => FieldKind.Other,
    };

    /// <summary>Whether a list such as that of <c>Connection</c> has a word, in whatever case.</summary>
    public static bool Lists(ReadOnlySpan<byte> list, ReadOnlySpan<byte> word)
    {
        foreach (var part in list.Split((byte)','))
        {
            if (Is(list[part].Trim(" \t"u8), word))
                return true;
        }

        return false;
    }

    public static bool Is(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => Ascii.EqualsIgnoreCase(one, other);
}
