namespace Cache.Core;

/// <summary>A fetch's answer: found, not found or denied. A transient failure is an exception instead.</summary>
public readonly struct FetchResult<T>
{
    private FetchResult(FetchOutcome outcome, T? value, long? revision, string? status)
    {
        Outcome = outcome;
        Value = value;
        Revision = revision;
        Status = status;
    }

    /// <summary>The kind of answer.</summary>
    public FetchOutcome Outcome { get; }

    /// <summary>The value when found.</summary>
    public T? Value { get; }

    /// <summary>The source's revision of the answer, if it has revisions: a lower one never replaces a higher one.</summary>
    public long? Revision { get; }

    /// <summary>Why access is denied, such as <c>suspended</c>; null when the source did not say.</summary>
    public string? Status { get; }

    /// <summary>The source has this value.</summary>
    public static FetchResult<T> Found(T value, long? revision = null) => new(FetchOutcome.Found, value, revision, status: null);

    /// <summary>The source does not know the key.</summary>
    public static FetchResult<T> NotFound() => default;

    /// <summary>The source refuses access.</summary>
    public static FetchResult<T> Denied(string? status, long? revision = null) => new(FetchOutcome.Denied, value: default, revision, status);
}
