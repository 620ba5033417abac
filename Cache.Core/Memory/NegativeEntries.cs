namespace Cache.Core.Memory;

/// <summary>Keys that the source does not know, in a small bound of their own: unknown keys must not push values out.</summary>
/// <remarks>Reading takes no lock; whoever changes it holds the tier's lock.</remarks>
internal sealed class NegativeEntries(int capacity)
{
    private readonly EntryTable _entries = new();
    private readonly EntryQueue _queue = new(EntryPlace.Small);

    public int Count => _queue.Count;

    public NotFoundEntry? Find(ReadOnlySpan<char> key, ulong hash) => (NotFoundEntry?)_entries.Find(key, hash);

    public void Put(NotFoundEntry entry, ulong hash)
    {
        Remove(entry.Key, hash);
        _entries.Put(entry, hash);
        _queue.Append(entry);
        if (_queue.Count > capacity && _queue.Oldest is { } oldest)
            Remove(oldest);
    }

    public void Remove(ReadOnlySpan<char> key, ulong hash)
    {
        if (_entries.Remove(key, hash) is { } removed)
            _queue.Remove(removed);
    }

    public void Clear()
    {
        while (_queue.Oldest is { } oldest)
            Remove(oldest);
    }

    private void Remove(MemoryEntry entry)
    {
        _entries.Remove(entry);
        _queue.Remove(entry);
    }
}
