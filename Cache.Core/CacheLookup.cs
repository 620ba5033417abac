namespace Cache.Core;

/// <summary>The answer of a read-through lookup, and where it came from.</summary>
/// <param name="Result">Found, not found or denied.</param>
/// <param name="Source">The tier, or the source itself.</param>
/// <param name="IsStale">
/// Whether the value was past its soft expiration: served while a refresh runs, or because nothing better could be had.
/// </param>
/// <param name="Age">How long a stale value was past its soft expiration; zero for a fresh one.</param>
public readonly record struct CacheLookup<T>(FetchResult<T> Result, CacheSource Source, bool IsStale = false, TimeSpan Age = default)
{
    /// <summary>The kind of answer.</summary>
    public FetchOutcome Outcome => Result.Outcome;

    /// <summary>The value when found.</summary>
    public T? Value => Result.Value;
}
