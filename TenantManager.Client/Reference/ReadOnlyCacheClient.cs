using Cache.Core;
using Cache.Core.Fencing;
using Cache.Core.Rates;
using Cache.Core.Valkey;

namespace TenantManager.Client.Reference;

/// <summary>
/// Valkey for a cache that another service owns: what reads is passed on, and nothing that writes. So a reader needs no right to write,
/// and cannot put anything in the owner's place, whatever it is told by whomever it asks.
/// </summary>
/// <remarks>Safe for concurrent use. The connection stays the caller's.</remarks>
internal sealed class ReadOnlyCacheClient(ICacheClient inner) : ICacheClient
{
    public IFence Fence { get; } = new ReadOnlyFence(inner.Fence);

    public ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken = default) => inner.GetAsync(key, cancellationToken);

    public ValueTask<long> ExistsAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) => inner.ExistsAsync(keys, cancellationToken);

    public IAsyncEnumerable<string> ScanAsync(string pattern, CancellationToken cancellationToken = default) => inner.ScanAsync(pattern, cancellationToken);

    public ValueTask<KeyPage> ScanPageAsync(string pattern, int limit, string? cursor = null, CancellationToken cancellationToken = default) =>
        inner.ScanPageAsync(pattern, limit, cursor, cancellationToken);

    public ValueTask<IReadOnlyList<ServerStatistics>> StatisticsAsync(CancellationToken cancellationToken = default) => inner.StatisticsAsync(cancellationToken);

    public ValueTask<TimeSpan> PingAsync(CancellationToken cancellationToken = default) => inner.PingAsync(cancellationToken);

    /// <summary>A cache tidies away what it cannot read. That is the owner's to do: here it stays, and is a miss.</summary>
    public ValueTask<long> DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) => ValueTask.FromResult(0L);

    public ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default) => throw Refusal();

    public ValueTask<bool> SetIfAbsentAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default) => throw Refusal();

    public ValueTask<bool> SetIfEqualAsync(
        string key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default) => throw Refusal();

    public ValueTask<bool> DeleteIfEqualAsync(string key, ReadOnlyMemory<byte> expected, CancellationToken cancellationToken = default) => throw Refusal();

    public ValueTask<RateTake> TakeAsync(string key, RateTerms terms, CancellationToken cancellationToken = default) => throw Refusal();

    public ValueTask<long> IncrementAsync(string key, long by = 1, CancellationToken cancellationToken = default) => throw Refusal();

    public ValueTask<bool> ExpireAsync(string key, TimeSpan timeToLive, CancellationToken cancellationToken = default) => throw Refusal();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal static NotSupportedException Refusal() => new("These keys belong to another service, which alone writes them: change them by its API.");
}
