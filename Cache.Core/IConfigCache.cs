namespace Cache.Core;

/// <summary>
/// The smallest cache: values by key, each with a lifetime. In memory, in Valkey, or both (<see cref="Tiered.TieredCache"/>).
/// </summary>
/// <remarks>Implementations are safe for concurrent use. A miss is an answer, never an exception.</remarks>
public interface IConfigCache
{
    /// <summary>Reads a value.</summary>
    ValueTask<CacheResult<T>> GetAsync<T>(string key, CancellationToken cancellationToken = default);

    /// <summary>Stores a value.</summary>
    /// <param name="key">The key, without the implementation's own prefix.</param>
    /// <param name="value">The value; treated as immutable from now on.</param>
    /// <param name="timeToLive">How long it lives; zero or negative: it never expires.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask SetAsync<T>(string key, T value, TimeSpan timeToLive, CancellationToken cancellationToken = default);

    /// <summary>Removes a value from every tier. No error when it is absent.</summary>
    ValueTask InvalidateAsync(string key, CancellationToken cancellationToken = default);
}
