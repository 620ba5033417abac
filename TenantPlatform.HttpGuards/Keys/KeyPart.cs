using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace TenantPlatform.HttpGuards.Keys;

/// <summary>A part of a key in Valkey that somebody else has chosen: as it is where that is harmless, its hash otherwise.</summary>
internal static class KeyPart
{
    private const int Longest = 64;
    private const string Hashed = "sha256-";
    private static readonly SearchValues<char> Harmless = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.");

    /// <summary>Two texts never have the same part: nobody can send what stands for the hash of another.</summary>
    public static string Of(string text) =>
        text.Length is > 0 and <= Longest && !text.AsSpan().ContainsAnyExcept(Harmless) && !text.StartsWith(Hashed, StringComparison.Ordinal)
            ? text
            : Hashed + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
