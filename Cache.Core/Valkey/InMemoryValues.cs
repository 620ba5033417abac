namespace Cache.Core.Valkey;

/// <summary>The double's values with their expirations. Not safe for concurrent use: the double's lock guards it.</summary>
internal sealed class InMemoryValues(TimeProvider time)
{
    private readonly Dictionary<string, (byte[] Value, DateTimeOffset Expiration)> _entries = new(StringComparer.Ordinal);

    public byte[]? Find(string key)
    {
        if (!_entries.TryGetValue(key, out var entry))
            return null;
        if (entry.Expiration > time.GetUtcNow())
            return entry.Value;
        _entries.Remove(key);
        return null;
    }

    public IReadOnlyList<string> Keys(string pattern)
    {
        var matching = GlobPattern.Parse(pattern);
        return [.. _entries.Keys.Where(key => matching.IsMatch(key) && Find(key) is not null)];
    }

    public TimeSpan? Remaining(string key) =>
        _entries.TryGetValue(key, out var entry) && entry.Expiration != DateTimeOffset.MaxValue ? entry.Expiration - time.GetUtcNow() : null;

    public bool Store(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive)
    {
        _entries[key] = (value.ToArray(), timeToLive <= TimeSpan.Zero ? DateTimeOffset.MaxValue : time.GetUtcNow() + timeToLive);
        return true;
    }

    /// <summary>Changes a value and keeps its expiration.</summary>
    public void Replace(string key, byte[] value)
    {
        var expiration = Find(key) is not null ? _entries[key].Expiration : DateTimeOffset.MaxValue;
        _entries[key] = (value, expiration);
    }

    public bool Remove(string key) => Find(key) is not null && _entries.Remove(key);
}
