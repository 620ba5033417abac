using Cache.Core.Fencing;
using Cache.Core.Rates;
using Cache.Core.Valkey;

namespace Cache.Core.Tests.Races;

/// <summary>A pod's connection to the real server, with another fence before the server's own. The connection stays the caller's.</summary>
internal sealed class ClientWithFence(ICacheClient real, IFence fence) : ICacheClient
{
    public IFence Fence => fence;

    public ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken = default) => real.GetAsync(key, cancellationToken);

    public ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        real.SetAsync(key, value, timeToLive, cancellationToken);

    public ValueTask<bool> SetIfAbsentAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        real.SetIfAbsentAsync(key, value, timeToLive, cancellationToken);

    public ValueTask<bool> SetIfEqualAsync(
        string key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        real.SetIfEqualAsync(key, expected, value, timeToLive, cancellationToken);

    public ValueTask<bool> DeleteIfEqualAsync(string key, ReadOnlyMemory<byte> expected, CancellationToken cancellationToken = default) =>
        real.DeleteIfEqualAsync(key, expected, cancellationToken);

    public ValueTask<RateTake> TakeAsync(string key, RateTerms terms, CancellationToken cancellationToken = default) => real.TakeAsync(key, terms, cancellationToken);

    public ValueTask<long> DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) => real.DeleteAsync(keys, cancellationToken);

    public ValueTask<long> ExistsAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) => real.ExistsAsync(keys, cancellationToken);

    public ValueTask<long> IncrementAsync(string key, long by = 1, CancellationToken cancellationToken = default) => real.IncrementAsync(key, by, cancellationToken);

    public ValueTask<bool> ExpireAsync(string key, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        real.ExpireAsync(key, timeToLive, cancellationToken);

    public IAsyncEnumerable<string> ScanAsync(string pattern, CancellationToken cancellationToken = default) => real.ScanAsync(pattern, cancellationToken);

    public ValueTask<KeyPage> ScanPageAsync(string pattern, int limit, string? cursor = null, CancellationToken cancellationToken = default) =>
        real.ScanPageAsync(pattern, limit, cursor, cancellationToken);

    public ValueTask<IReadOnlyList<ServerStatistics>> StatisticsAsync(CancellationToken cancellationToken = default) => real.StatisticsAsync(cancellationToken);

    public ValueTask<TimeSpan> PingAsync(CancellationToken cancellationToken = default) => real.PingAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
