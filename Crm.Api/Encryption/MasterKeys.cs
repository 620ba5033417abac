using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using TenantManager.Contracts.Settings;

namespace Crm.Api.Encryption;

/// <summary>The keys that wrap tenants' data keys: the first wraps, all unwrap, so that they rotate by list.</summary>
/// <remarks>Holds secrets: never log it.</remarks>
internal sealed class MasterKeys
{
    /// <summary>The setting's name.</summary>
    public const string Variable = "CRM_ENCRYPTION_KEYS";

    private const int LongestId = 64;
    private readonly (string Id, byte[] Key)[] _keys;

    private MasterKeys((string Id, byte[] Key)[] keys) => _keys = keys;

    /// <summary>The id of the key that wraps.</summary>
    public string CurrentId => _keys[0].Id;

    /// <summary>Whether there are others, which tenants may still depend on.</summary>
    public bool AreRotating => _keys.Length > 1;

    /// <summary>Reads <c>id:base64key,id:base64key</c>.</summary>
    /// <exception cref="InvalidSettingException">It cannot be read; the message names what is wrong, never a key.</exception>
    public static MasterKeys Parse(string? text)
    {
        var keys = (text ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ParseOne).ToArray();
        if (keys.Length == 0)
            throw new InvalidSettingException(Variable, "is not set: it is the keys that holders' data are sealed under, as 'id:base64key', several separated by commas; the first is used, the others are read.");
        if (keys.Select(key => key.Id).Distinct(StringComparer.Ordinal).Count() != keys.Length)
            throw new InvalidSettingException(Variable, "uses a key id twice.");
        return new MasterKeys(keys);
    }

    /// <summary>A key for one purpose, made of a master key; false when no such master key is in the list (any more).</summary>
    public bool TryDerive(string id, string purpose, [NotNullWhen(true)] out byte[]? key)
    {
        var master = Array.Find(_keys, one => string.Equals(one.Id, id, StringComparison.Ordinal)).Key;
        key = master is null ? null : Envelope.Derive(master, purpose);
        return key is not null;
    }

    private static (string Id, byte[] Key) ParseOne(string text, int position)
    {
        var separator = text.IndexOf(':', StringComparison.Ordinal);
        if (separator is < 1 or > LongestId || !text[..separator].All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            throw new InvalidSettingException(Variable, $"cannot be read at entry {position + 1}: expected 'id:base64key', the id 1 to {LongestId} letters, digits, '-', '_' and '.'.");
        var key = new byte[Envelope.KeyLength];
        if (!Convert.TryFromBase64String(text[(separator + 1)..], key, out var length) || length != key.Length)
            throw new InvalidSettingException(Variable, $"cannot be read at entry {position + 1} ('{text[..separator]}'): expected {key.Length} bytes as base64 (openssl rand -base64 {key.Length}).");
        return (text[..separator], key);
    }
}
