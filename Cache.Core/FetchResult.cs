namespace Cache.Core;

/// <summary>A fetch's answer: found, not found or denied. A transient failure is an exception instead.</summary>
public readonly struct FetchResult<T>
{
    private readonly long _revision;

    private FetchResult(FetchOutcome outcome, T? value, long? revision, string? status, CacheEntryOptions? options)
    {
        Outcome = outcome;
        Value = value;
        _revision = revision is >= 0 ? revision.GetValueOrDefault() + 1 : 0;
        Status = status;
        Options = options;
    }

    /// <summary>The kind of answer.</summary>
    public FetchOutcome Outcome { get; }

    /// <summary>The value when found.</summary>
    public T? Value { get; }

    /// <summary>The source's revision of the answer, if it has revisions: a lower one never replaces a higher one. Negative ones count as none.</summary>
    public long? Revision => _revision == 0 ? null : _revision - 1;

    /// <summary>Why access is denied, such as <c>suspended</c>; null when the source did not say.</summary>
    public string? Status { get; }

    /// <summary>How this answer is to be kept, where the source decides; null leaves it to the caller's options.</summary>
    public CacheEntryOptions? Options { get; }

    /// <summary>The source has this value.</summary>
    /// <param name="value">The value; treated as immutable from now on.</param>
    /// <param name="revision">Its revision, if the source has revisions.</param>
    /// <param name="options">
    /// Lifetimes, size, steps to leave out and tags that the value itself decides. They win over the caller's; tags come in addition to the
    /// caller's. A removal of any of them wins against this fetch, as against one whose caller gave them: then the source may be asked again.
    /// </param>
    public static FetchResult<T> Found(T value, long? revision = null, CacheEntryOptions? options = null) =>
        new(FetchOutcome.Found, value, revision, status: null, options);

    /// <summary>
    /// The source has this value, which is not to be cached: who waits for it gets it, no tier keeps it, and what they held of the key goes,
    /// in every process.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="revision">Its revision, if the source has revisions.</param>
    public static FetchResult<T> Uncached(T value, long? revision = null) =>
        new(FetchOutcome.Found, value, revision, status: null, CacheEntryOptions.NotKept);

    /// <summary>The source does not know the key.</summary>
    public static FetchResult<T> NotFound() => default;

    /// <summary>The source refuses access.</summary>
    public static FetchResult<T> Denied(string? status, long? revision = null) =>
        new(FetchOutcome.Denied, value: default, revision, status, options: null);
}
