using System.Buffers;
using System.Buffers.Text;

namespace TenantManager.Contracts.Tokens;

/// <summary>
/// base64url as RFC 7515 has it: no padding, no white space, no stray bits. One byte string has exactly one spelling,
/// so a token can't be respelled to slip past a list of revoked ones.
/// </summary>
internal static class StrictBase64Url
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create(Alphabet);
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /// <summary>Decodes, or returns null when the text is not strict base64url.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        if (text.Length % 4 == 1 || text.ContainsAnyExcept(Allowed))
            return null;
        var unusedBits = (text.Length % 4) switch { 2 => 0b1111, 3 => 0b11, _ => 0 };
        if (unusedBits != 0 && (Alphabet.IndexOf(text[^1], StringComparison.Ordinal) & unusedBits) != 0)
            return null;
        return Base64Url.DecodeFromChars(text);
    }

    /// <summary>Encodes without padding.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);
}
