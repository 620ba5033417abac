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
    /// <param name="options">Lifetimes and size that the value itself decides; they win over the caller's.</param>
    /// <exception cref="ArgumentException">The options have tags: these are the caller's to say, before the fetch begins.</exception>
    public static FetchResult<T> Found(T value, long? revision = null, CacheEntryOptions? options = null) => options?.Tags is null
        ? new(FetchOutcome.Found, value, revision, status: null, options)
        : throw new ArgumentException("The options of an answer have tags, which must be known before the fetch: give them with the call.", nameof(options));

    /// <summary>The source does not know the key.</summary>
    public static FetchResult<T> NotFound() => default;

    /// <summary>The source refuses access.</summary>
    public static FetchResult<T> Denied(string? status, long? revision = null) =>
        new(FetchOutcome.Denied, value: default, revision, status, options: null);
}
