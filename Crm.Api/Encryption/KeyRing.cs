namespace Crm.Api.Encryption;

/// <summary>All versions of a tenant's data key, as they were when it was read. Versions only ever grow.</summary>
internal sealed class KeyRing
{
    private readonly Dictionary<int, DataKey> _keys;

    public KeyRing(IEnumerable<DataKey> keys)
    {
        _keys = keys.ToDictionary(key => key.Version);
        Current = _keys.Values.MaxBy(key => key.Version) ?? throw new ArgumentException("A ring has a key.", nameof(keys));
    }

    /// <summary>The version that seals.</summary>
    public DataKey Current { get; }

    /// <exception cref="KeyUnavailableException">There is no such version.</exception>
    public DataKey this[int version] => _keys.TryGetValue(version, out var key) ? key : throw new KeyUnavailableException($"The tenant has no data key {version}.");

    /// <summary>What a value may be found by, whichever version it was stored under.</summary>
    public byte[][] HashesOf(ReadOnlySpan<byte> value)
    {
        var hashes = new List<byte[]>(_keys.Count);
        foreach (var key in _keys.Values)
            hashes.Add(key.Hash(value));
        return [.. hashes];
    }
}
