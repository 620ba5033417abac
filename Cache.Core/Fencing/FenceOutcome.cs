namespace Cache.Core.Fencing;

/// <summary>What became of a write that passed through a fence.</summary>
public enum FenceOutcome
{
    /// <summary>It took effect.</summary>
    Stored,

    /// <summary>Refused: the key was invalidated, denied or written since the fetch noted its fence, or the fence is gone.</summary>
    Overtaken,

    /// <summary>Refused: a higher revision has been seen.</summary>
    Outdated,

    /// <summary>Refused: the key is denied, and the revision is not higher than the denial's.</summary>
    Denied,
}
