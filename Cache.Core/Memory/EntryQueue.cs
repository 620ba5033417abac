namespace Cache.Core.Memory;

/// <summary>First in, first out, linked through the entries themselves. Under the tier's lock.</summary>
internal sealed class EntryQueue(EntryPlace place)
{
    private MemoryEntry? _newest;

    /// <summary>Who came first.</summary>
    public MemoryEntry? Oldest { get; private set; }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>What they weigh together.</summary>
    public long Bytes { get; private set; }

    /// <summary>Appends an entry.</summary>
    public void Append(MemoryEntry entry)
    {
        entry.Place = place;
        entry.Older = _newest;
        entry.Newer = null;
        if (_newest is null)
            Oldest = entry;
        else
            _newest.Newer = entry;
        _newest = entry;
        Count++;
        Bytes += entry.Size;
    }

    /// <summary>Puts an entry before all others, as if it had come first.</summary>
    public void Prepend(MemoryEntry entry)
    {
        entry.Place = place;
        entry.Older = null;
        entry.Newer = Oldest;
        if (Oldest is null)
            _newest = entry;
        else
            Oldest.Older = entry;
        Oldest = entry;
        Count++;
        Bytes += entry.Size;
    }

    /// <summary>Takes an entry out.</summary>
    public void Remove(MemoryEntry entry)
    {
        if (entry.Older is null)
            Oldest = entry.Newer;
        else
            entry.Older.Newer = entry.Newer;
        if (entry.Newer is null)
            _newest = entry.Older;
        else
            entry.Newer.Older = entry.Older;

        // A removed entry may live on in a reader's hands: it must not hold its neighbours.
        entry.Older = entry.Newer = null;
        entry.Place = EntryPlace.None;
        Count--;
        Bytes -= entry.Size;
    }

    /// <summary>Puts an entry where another one stands.</summary>
    public void Replace(MemoryEntry present, MemoryEntry successor)
    {
        (successor.Older, successor.Newer, successor.Place) = (present.Older, present.Newer, place);
        if (present.Older is null)
            Oldest = successor;
        else
            present.Older.Newer = successor;
        if (present.Newer is null)
            _newest = successor;
        else
            present.Newer.Older = successor;
        present.Older = present.Newer = null;
        present.Place = EntryPlace.None;
        Bytes += successor.Size - present.Size;
    }
}
