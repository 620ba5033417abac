namespace Cache.Core.Tagging;

/// <summary>What this process knows of a tag: its present epoch, or that it must be read again.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class TagState(string name)
{
    /// <summary>The proof number of an epoch that was not read from L2; no proof has it.</summary>
    public const int Unproven = -1;

    private static long _lastMoment;

    private readonly Lock _lock = new();
    private string? _epoch;
    private TagEpoch? _present;
    private TagStamps? _alone;
    private long _since;
    private int _changes;
    private int _unrecordedAt = -1;
    private int _owed;
    private bool _isForgotten;

    /// <summary>A number that is higher for whatever any tag becomes known as later on.</summary>
    public static long Moment => Interlocked.Read(ref _lastMoment);

    public string Name { get; } = name;

    /// <summary>What an entry is stamped with now; null when it must be read. One volatile read: this is on the hit path.</summary>
    public string? Epoch => Volatile.Read(ref _epoch);

    /// <summary>The epoch with what it remembers; null when it must be read.</summary>
    public TagEpoch? Present => Volatile.Read(ref _present);

    /// <summary>The coherence proof under which the epoch was read.</summary>
    public int Proof { get; private set; }

    /// <summary>When its life in L2 is to be renewed, as a timestamp.</summary>
    public long RenewAt { get; set; }

    /// <summary>Whether L2 had no record of it when it was asked, and nothing has been heard since.</summary>
    public bool IsUnrecorded => Epoch is null && Volatile.Read(ref _unrecordedAt) == Changes;

    /// <summary>To be noted before the epoch is read.</summary>
    public int Changes => Volatile.Read(ref _changes);

    /// <summary>Whether L2 does not know yet what has been removed here, so that nothing can be learned from it.</summary>
    public bool IsOwed => Volatile.Read(ref _owed) > 0;

    /// <summary>
    /// The stamps of an entry that carries this tag and no other. All such entries share them, so that a hit finds them in the processor's
    /// cache whichever entry it is of: what has gone for one of them has gone for all.
    /// </summary>
    public TagStamps Alone(string epoch)
    {
        if (Volatile.Read(ref _alone) is { } present && present.IsOnly(epoch))
            return present;

        // The same text as here where it is equal, so that a hit compares references.
        var made = new TagStamps([(this, Epoch is { } known && string.Equals(known, epoch, StringComparison.Ordinal) ? known : epoch)]);
        Volatile.Write(ref _alone, made);
        return made;
    }

    /// <summary>What it was known as at a moment and still is; null when it was not known or has changed.</summary>
    public string? EpochSince(long moment)
    {
        lock (_lock)
            return _since <= moment ? _epoch : null;
    }

    /// <summary>Takes an epoch that was read, unless the tag has changed since.</summary>
    public void Learn(int changes, string text, int proof)
    {
        var read = TagEpoch.Parse(text);
        lock (_lock)
        {
            if (_changes != changes || _owed > 0)
                return;
            Proof = proof;
            if (_epoch != read.Stamp)
                Become(read);
        }
    }

    /// <summary>Takes that L2 has no record, unless the tag has changed since. What carries it here is looked for in L2, and not found.</summary>
    public void LearnUnrecorded(int changes, int proof)
    {
        lock (_lock)
        {
            if (_changes != changes || _owed > 0)
                return;
            Proof = proof;
            _unrecordedAt = changes;
            if (_epoch is not null)
                Become(null);
        }
    }

    /// <summary>The tag has changed: to this epoch, or to one that must be read.</summary>
    public void Change(string? epoch = null) => Change(epoch is null ? null : TagEpoch.Parse(epoch));

    /// <inheritdoc cref="Change(string?)"/>
    public void Change(TagEpoch? epoch)
    {
        lock (_lock)
        {
            _changes++;
            Become(epoch);
        }
    }

    /// <summary>What carries the tag together with others is removed, as far as this process knows of any.</summary>
    public void RemoveTogether(IEnumerable<string> others)
    {
        lock (_lock)
        {
            _changes++;
            Become((_present ?? TagEpoch.New()).WithRemoval(others));
        }
    }

    /// <summary>Nobody will tell it of changes any more: from now on it is never known, whatever is read. What carries it here goes.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _isForgotten = true;
            _changes++;
            Become(null);
        }
    }

    /// <summary>L2 does not know yet what has been removed here.</summary>
    public void Owe() => Interlocked.Increment(ref _owed);

    /// <summary>L2 knows: what lies there is read again.</summary>
    public void Settle()
    {
        Interlocked.Decrement(ref _owed);
        Change();
    }

    private void Become(TagEpoch? epoch)
    {
        if (_isForgotten)
            epoch = null;
        _since = Interlocked.Increment(ref _lastMoment);
        Volatile.Write(ref _present, epoch);
        Volatile.Write(ref _epoch, epoch?.Stamp);
    }
}
