namespace Cache.Core.Tagging;

/// <summary>A tag's present epoch as far as this process knows: a unique token, or null when it must be read again.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class TagState(string name)
{
    /// <summary>The proof number of an epoch that was not read from L2; no proof has it.</summary>
    public const int Unproven = -1;

    private readonly Lock _lock = new();
    private string? _epoch;
    private int _changes;

    public string Name { get; } = name;

    /// <summary>One volatile read: this is on the hit path.</summary>
    public string? Epoch => Volatile.Read(ref _epoch);

    /// <summary>The coherence proof under which the epoch was read.</summary>
    public int Proof { get; private set; }

    /// <summary>When its life in L2 is to be renewed, as a timestamp.</summary>
    public long RenewAt { get; set; }

    /// <summary>To be noted before the epoch is read.</summary>
    public int Changes => Volatile.Read(ref _changes);

    /// <summary>Takes an epoch that was read, unless the tag has changed since.</summary>
    public void Learn(int changes, string epoch, int proof)
    {
        lock (_lock)
        {
            if (_changes != changes)
                return;
            Proof = proof;
            Volatile.Write(ref _epoch, epoch);
        }
    }

    /// <summary>The tag has changed: to this epoch, or to one that must be read.</summary>
    public void Change(string? epoch = null)
    {
        lock (_lock)
        {
            _changes++;
            Volatile.Write(ref _epoch, epoch);
        }
    }
}
