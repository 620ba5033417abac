namespace Cache.Core.Fencing;

/// <summary>What L2 knows of a key at the moment a look-up begins: its value, or what a fetch needs to fill it.</summary>
public readonly record struct FenceNote
{
    /// <summary>The stored bytes; null when there are none.</summary>
    public byte[]? Value { get; init; }

    /// <summary>How long the value will live; null when it never expires or there is none.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>The generation that a fetch beginning now must hand to its write; null when there is a value.</summary>
    public string? Generation { get; init; }

    /// <summary>Whether the lease asked for was acquired.</summary>
    public bool IsLeased { get; init; }

    /// <summary>Whether another owner holds the lease: a fetch is under way.</summary>
    public bool IsLeasedElsewhere { get; init; }

    /// <summary>Whether the source said, a moment ago, that it does not know the key.</summary>
    public bool IsAbsent { get; init; }

    /// <summary>The highest revision seen; null when none was.</summary>
    public long? Revision { get; init; }

    /// <summary>The status of a denial (empty when the source did not say); null when the key is not denied.</summary>
    public string? Denial { get; init; }

    /// <summary>The revision of the last denial, also when it is no longer an answer: a value must be newer.</summary>
    public long? DenialRevision { get; init; }

    /// <summary>Why a value of a revision is not to be believed beside this, in a word for a metric's label; null when it is.</summary>
    /// <remarks>Only writers that know no fences can have put such a value there, or a server that lost its last writes.</remarks>
    internal string? Refuses(long? revision)
    {
        if (Denial is not null && !(revision > DenialRevision))
            return "denied";
        return revision < Revision ? "outdated" : null;
    }
}
