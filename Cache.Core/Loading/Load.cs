using Cache.Core.Tiered;

namespace Cache.Core.Loading;

/// <summary>One call to load a key: what to fetch, and how to keep it.</summary>
internal readonly record struct Load<TState, T>(
    string Key, TState State, Func<TState, CancellationToken, ValueTask<FetchResult<T>>> Fetch, EntryPlan Plan)
{
    /// <summary>What the source runs for; null for a refresh, which nobody joins.</summary>
    public Asking? Asking { get; init; }

    /// <summary>The call of many keys that it is part of; null when it is by itself.</summary>
    public IManyLoad<T>? Many { get; init; }
}
