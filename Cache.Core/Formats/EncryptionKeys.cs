using Cache.Core.Valkey;

namespace Cache.Core.Formats;

/// <summary>The keys of encrypted values: the first encrypts, all decrypt, so that keys rotate by list.</summary>
/// <remarks>Holds secrets: never log it.</remarks>
internal sealed class EncryptionKeys
{
    /// <summary>The setting's name.</summary>
    public const string Variable = "CACHE_ENCRYPTION_KEYS";

    private const int KeyLength = 32;
    private const int LongestId = 64;
    private readonly (string Id, byte[] Key)[] _keys;

    private EncryptionKeys((string Id, byte[] Key)[] keys) => _keys = keys;

    /// <summary>The key that encrypts.</summary>
    public (string Id, byte[] Key) Current => _keys[0];

    /// <summary>Reads <c>id:base64key,id:base64key</c>; null when the text is empty.</summary>
    /// <param name="text">The keys.</param>
    /// <param name="variable">The setting that they are from.</param>
    /// <exception cref="CacheConfigurationException">It cannot be read; the message names what is wrong, never a key.</exception>
    public static EncryptionKeys? Parse(string? text, string variable = Variable)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var keys = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select((one, position) => ParseOne(one, position, variable)).ToArray();
        if (keys.Length == 0)
            throw Wrong(variable, $"{variable} names no key: expected 'id:base64key', several separated by commas.");
        if (keys.Select(key => key.Id).Distinct(StringComparer.Ordinal).Count() != keys.Length)
            throw Wrong(variable, $"{variable} uses a key id twice.");
        return new EncryptionKeys(keys);
    }

    /// <summary>A key by its id; null when it is not in the list (any more).</summary>
    public byte[]? Find(string id) => Array.Find(_keys, key => string.Equals(key.Id, id, StringComparison.Ordinal)).Key;

    private static (string Id, byte[] Key) ParseOne(string text, int position, string variable)
    {
        var separator = text.IndexOf(':', StringComparison.Ordinal);
        if (separator is < 1 or > LongestId || !text[..separator].All(char.IsAscii))
            throw Wrong(variable, $"{variable}, entry {position + 1}: expected 'id:base64key' with an ASCII id of 1 to {LongestId} characters.");
        var key = new byte[KeyLength];
        if (!Convert.TryFromBase64String(text[(separator + 1)..], key, out var length) || length != KeyLength)
            throw Wrong(variable, $"{variable}, entry {position + 1} ('{text[..separator]}'): expected {KeyLength} bytes as base64 (openssl rand -base64 {KeyLength}).");
        return (text[..separator], key);
    }

    private static CacheConfigurationException Wrong(string variable, string message) =>
        variable == Variable ? new ValkeyConfigurationException(message) : new CacheConfigurationException(variable, message);
}
