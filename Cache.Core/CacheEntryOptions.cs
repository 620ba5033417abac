namespace Cache.Core;

/// <summary>How one entry is kept and fetched, where it differs from the cache's own options. Null means: as the cache's options say.</summary>
/// <remarks>
/// An entry's life in L1: fresh until <see cref="SoftExpiration"/>; then, until <see cref="L1TimeToLive"/>, served at once while a
/// refresh runs in the background; then read from L2 or the source, and for <see cref="StaleIfError"/> longer served when both fail.
/// Immutable: make one and keep it.
/// </remarks>
public sealed record CacheEntryOptions
{
    /// <summary>Of an answer that no tier keeps.</summary>
    internal static readonly CacheEntryOptions NotKept = new() { Skip = CacheSteps.FillL1 | CacheSteps.FillL2 };

    private readonly IReadOnlyList<string>? _tags;

    /// <summary>Past this age an entry of L1 is still served at once, and refreshed in the background. Zero or less: never.</summary>
    public TimeSpan? SoftExpiration { get; init; }

    /// <summary>How long an entry is served from L1. Zero or less: it never expires.</summary>
    public TimeSpan? L1TimeToLive { get; init; }

    /// <summary>An entry found in L2 past this age is still served, and refreshed in the background by the next caller. Zero or less: never.</summary>
    public TimeSpan? L2SoftExpiration { get; init; }

    /// <summary>How long an entry lives in L2. Zero or less: it never expires.</summary>
    public TimeSpan? L2TimeToLive { get; init; }

    /// <summary>How long past its lifetime an entry of L1 may be served when L2 and the source fail. Zero: not at all.</summary>
    public TimeSpan? StaleIfError { get; init; }

    /// <summary>How long the source is believed when it does not know the key. Zero: not at all.</summary>
    public TimeSpan? NegativeLifetime { get; init; }

    /// <summary>How long a denial is believed before the source is asked again.</summary>
    public TimeSpan? DeniedRecheck { get; init; }

    /// <summary>The share by which lifetimes are shortened at random. 0 to 0.5.</summary>
    public double? Jitter { get; init; }

    /// <summary>With a stale entry at hand: how long a caller waits for the source before it gets that entry. Zero or less: no limit.</summary>
    public TimeSpan? FetchSoftTimeout { get; init; }

    /// <summary>How long a fetch may take before it counts as failed.</summary>
    public TimeSpan? FetchTimeout { get; init; }

    /// <summary>With a stale entry at hand: how long a caller waits for L2 before going on without. Zero or less: no limit of its own.</summary>
    public TimeSpan? L2SoftTimeout { get; init; }

    /// <summary>How long a caller waits for L2 before going on without. Zero or less: the client's own time limits.</summary>
    public TimeSpan? L2Timeout { get; init; }

    /// <summary>What the value weighs in L1, in bytes; unless told, its length in L2.</summary>
    public long? Size { get; init; }

    /// <summary>
    /// Steps of the look-up to leave out. A call that fills no tier leaves what lies there; an answer (<see cref="FetchResult{T}.Options"/>)
    /// that is not to be kept in a tier outdates what it holds, which goes.
    /// </summary>
    public CacheSteps Skip { get; init; }

    /// <summary>Of an answer that is not to be kept in a tier: whether what the tier holds is not outdated by it, and stays.</summary>
    internal bool LeavesStored { get; init; }

    /// <summary>Of an answer: it carries no tags, the call's neither. It goes so soon that nobody needs to remove it.</summary>
    internal bool IsUntagged { get; init; }

    /// <summary>
    /// What the entry is removed by, with others: <see cref="Tiered.TieredCache.RemoveByTagAsync"/>, <see cref="Tiered.TieredCache.RemoveByTagsAsync"/>.
    /// A fetch that is running loses against a removal of its tags, whether its caller gives them or its answer brings them. They are
    /// stored with the entry, where <see cref="CacheFormat.PlainJson"/> has no room for them.
    /// </summary>
    /// <exception cref="ArgumentException">One of them is empty.</exception>
    public IReadOnlyList<string>? Tags
    {
        get => _tags;
        init => _tags = value is null || !value.Any(string.IsNullOrEmpty) ? value : throw new ArgumentException("A tag is empty.", nameof(value));
    }
}
