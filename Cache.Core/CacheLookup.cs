namespace Cache.Core;

/// <summary>The answer of a read-through lookup, and where it came from.</summary>
/// <param name="Result">Found, not found or denied.</param>
/// <param name="Source">The tier, or the source itself.</param>
/// <param name="IsStale">Whether the value was past its expiration and served because nothing better could be had.</param>
public readonly record struct CacheLookup<T>(FetchResult<T> Result, CacheSource Source, bool IsStale = false)
{
    /// <summary>The kind of answer.</summary>
    public FetchOutcome Outcome => Result.Outcome;

    /// <summary>The value when found.</summary>
    public T? Value => Result.Value;
}
