using Cache.Core.Fencing;
using Cache.Core.Rates;

namespace Cache.Core.Valkey;

/// <summary>
/// L2: bytes by key in Valkey. Every call has a hard time limit and throws <see cref="CacheUnavailableException"/>
/// when Valkey cannot answer; callers decide what that means to them.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
public interface ICacheClient : IAsyncDisposable
{
    /// <summary>The fences and leases of the keys: how values are written that an invalidation must be able to overtake.</summary>
    IFence Fence { get; }

    /// <summary>Reads a value; null when absent.</summary>
    ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Stores a value. A lifetime of zero or less: it never expires.</summary>
    ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default);

    /// <summary>Stores a value unless the key exists; returns whether it did.</summary>
    ValueTask<bool> SetIfAbsentAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default);

    /// <summary>Stores a value where exactly the expected one is, in one step; returns whether it did. A lifetime of zero or less: it never expires.</summary>
    ValueTask<bool> SetIfEqualAsync(
        string key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default);

    /// <summary>Removes a value if it is exactly the expected one, in one step; returns whether it did.</summary>
    ValueTask<bool> DeleteIfEqualAsync(string key, ReadOnlyMemory<byte> expected, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes one from a rate limit that all processes share, in one step and by the server's clock. A refused one takes nothing.
    /// The key exists while something is taken; whatever else lay there is taken for nothing.
    /// </summary>
    /// <exception cref="ArgumentException">The terms are out of range; the message says how.</exception>
    ValueTask<RateTake> TakeAsync(string key, RateTerms terms, CancellationToken cancellationToken = default);

    /// <summary>Removes keys; returns how many existed.</summary>
    ValueTask<long> DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default);

    /// <summary>Returns how many of the keys exist.</summary>
    ValueTask<long> ExistsAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default);

    /// <summary>Adds to a counter and returns its new value; an absent one counts as zero.</summary>
    ValueTask<long> IncrementAsync(string key, long by = 1, CancellationToken cancellationToken = default);

    /// <summary>Gives an existing key a new lifetime; returns whether it exists.</summary>
    ValueTask<bool> ExpireAsync(string key, TimeSpan timeToLive, CancellationToken cancellationToken = default);

    /// <summary>
    /// Walks over the keys of every primary that match a pattern, a few hundred at a time, so that no server is held up. A key that
    /// is there all the while is told once at least; one that moves to another server meanwhile may be told twice.
    /// </summary>
    /// <param name="pattern">As Valkey's <c>KEYS</c> takes it: <c>*</c>, <c>?</c>, <c>[a-z]</c>, and <c>\</c> before what stands for itself.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    IAsyncEnumerable<string> ScanAsync(string pattern, CancellationToken cancellationToken = default);

    /// <summary>
    /// One page of such a walk. A step of the server is never torn, so a page may hold a few keys more than the limit, and one of a
    /// pattern that hardly any key matches may be empty although there are more: go on while there is a <see cref="KeyPage.Next"/>.
    /// </summary>
    /// <param name="pattern">As for <see cref="ScanAsync"/>.</param>
    /// <param name="limit">About how many keys, at most 1000.</param>
    /// <param name="cursor">The last page's <see cref="KeyPage.Next"/>; null for the first page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="KeyCursorException">The cursor cannot be read, or is of a server that is no primary any more: begin again.</exception>
    ValueTask<KeyPage> ScanPageAsync(string pattern, int limit, string? cursor = null, CancellationToken cancellationToken = default);

    /// <summary>What every primary says of itself. One that does not answer is there without figures.</summary>
    ValueTask<IReadOnlyList<ServerStatistics>> StatisticsAsync(CancellationToken cancellationToken = default);

    /// <summary>Asks Valkey for a sign of life and returns the round trip.</summary>
    ValueTask<TimeSpan> PingAsync(CancellationToken cancellationToken = default);
}
