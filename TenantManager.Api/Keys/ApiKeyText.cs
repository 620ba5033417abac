using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace TenantManager.Api.Keys;

/// <summary>
/// A key as its holder has it: <c>tp_ID_SECRETCHECK</c>, in lower-case hex. The id names the key where it must be named; the
/// secret is 256 random bits; the check, 32 bits of a SHA-256 of what is before it, tells scanners of leaked secrets, and the door,
/// a key from a text that only looks like one.
/// </summary>
/// <remarks>
/// Only a SHA-256 of the text is kept. A slow hash would protect a secret that can be guessed: there are 2^256 of these, and every
/// call is validated.
/// </remarks>
internal static class ApiKeyText
{
    private const string Prefix = "tp_";
    private const int IdLength = 16;
    private const int SecretLength = 64;
    private const int CheckLength = 8;
    private const int Length = 3 + IdLength + 1 + SecretLength + CheckLength;
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    public static string NewId() => RandomNumberGenerator.GetHexString(IdLength, lowercase: true);

    public static string New(string id)
    {
        var text = $"{Prefix}{id}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretLength / 2))}";
        return text + CheckOf(text);
    }

    /// <summary>Whether the text can be a key at all; what cannot is looked up nowhere.</summary>
    public static bool IsWellFormed(string text) =>
        text.Length == Length
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && IsId(text.AsSpan(Prefix.Length, IdLength))
        && text[Prefix.Length + IdLength] == '_'
        && text.AsSpan(Length - CheckLength).SequenceEqual(CheckOf(text[..^CheckLength]));

    public static bool IsId(ReadOnlySpan<char> text) => text.Length == IdLength && text.IndexOfAnyExcept(Digits) < 0;

    public static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static string CheckOf(string text) => Convert.ToHexStringLower(Hash(text).AsSpan(0, CheckLength / 2));
}
