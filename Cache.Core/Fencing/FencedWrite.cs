namespace Cache.Core.Fencing;

/// <summary>How a fetched value is to be stored.</summary>
/// <param name="Generation">What the fetch noted before it asked the source.</param>
/// <param name="Revision">The source's revision, if it has revisions.</param>
/// <param name="TimeToLive">How long the value lives; zero or less: it never expires.</param>
/// <param name="FenceLife">How long the fence outlives this write; longer than the value and the longest fetch.</param>
/// <param name="Owner">The owner of the lease, which is given back; null for none.</param>
public readonly record struct FencedWrite(string Generation, long? Revision, TimeSpan TimeToLive, TimeSpan FenceLife, string? Owner = null)
{
    /// <summary>Whether what lies there is removed and nothing stored: the answer is not to be kept, and passes the fence all the same.</summary>
    public bool IsRemoval { get; init; }
}
