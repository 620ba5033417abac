namespace Cache.Core.Memory;

/// <summary>The tags of an entry, as they were when it was read.</summary>
internal interface ITagStamps
{
    /// <summary>Whether none of the tags has been removed since, and this process can be sure of it. Allocates nothing.</summary>
    bool AreCurrent { get; }

    /// <summary>Whether one of the tags is known to have been removed since: then the entry may not even be served stale.</summary>
    bool AreRevoked { get; }

    /// <summary>Whether most entries of some users carry these and no others.</summary>
    bool AreCommon { get; }

    /// <summary>Whether these are the same tags, read at the same epochs.</summary>
    bool AreSameAs(ITagStamps other);

    /// <summary>Whether it cannot be told here: L2 must be asked for one of the tags, and none is known to have been removed.</summary>
    bool AreUnknown { get; }
}
