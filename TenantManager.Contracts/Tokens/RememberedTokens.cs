using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace TenantManager.Contracts.Tokens;

/// <summary>
/// Tokens whose signatures have been checked, by their hashes: neither is a token kept, nor is one compared. Bounded: when
/// the young half is full it becomes the old one, and what was in the old one and not asked for meanwhile is forgotten.
/// </summary>
internal sealed class RememberedTokens(int capacity)
{
    /// <summary>Longer ones are checked each time.</summary>
    private const int LongestToken = 4096;

    private ConcurrentDictionary<Digest, Entry> _young = new();
    private ConcurrentDictionary<Digest, Entry> _old = new();

    /// <summary>What is remembered of a token that was checked with these keys of the authority.</summary>
    public Entry? Find(string token, TrustedKeys? authority)
    {
        if (token.Length > LongestToken)
            return null;
        var digest = Digest.Of(token);
        if (!_young.TryGetValue(digest, out var entry) && _old.TryGetValue(digest, out entry))
            Keep(digest, entry);
        return entry is not null && ReferenceEquals(entry.Authority, authority) ? entry : null;
    }

    public void Keep(string token, Entry entry)
    {
        if (token.Length <= LongestToken)
            Keep(Digest.Of(token), entry);
    }

    private void Keep(Digest digest, Entry entry)
    {
        var young = _young;
        if (young.Count >= capacity / 2 && Interlocked.CompareExchange(ref _young, new(), young) == young)
            _old = young;
        _young[digest] = entry;
    }

    /// <param name="Authority">The authority's keys at the time: with others the token is checked again.</param>
    /// <param name="Times">When it is valid.</param>
    /// <param name="Claims">What it says.</param>
    internal sealed record Entry(TrustedKeys? Authority, TokenTimes Times, IReadOnlyDictionary<string, JsonElement> Claims);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Digest(UInt128 First, UInt128 Second)
    {
        public static Digest Of(string token)
        {
            Span<byte> text = stackalloc byte[LongestToken];
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];

            // Only ASCII is ever kept, and nothing else has its bytes.
            if (!Encoding.UTF8.TryGetBytes(token, text, out var length))
                return default;
            SHA256.HashData(text[..length], hash);
            return new Digest(BitConverter.ToUInt128(hash), BitConverter.ToUInt128(hash[16..]));
        }
    }
}
