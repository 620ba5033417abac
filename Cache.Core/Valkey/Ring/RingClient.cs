using Cache.Core.Fencing;
using Cache.Core.Rates;

namespace Cache.Core.Valkey.Ring;

/// <summary><see cref="ICacheClient"/> over the ring: each key on its node.</summary>
/// <remarks>
/// Safe for concurrent use. What takes the place of a value also takes away what an earlier outage may have left of it on other nodes.
/// Counters and rate limits do not, for the sake of their speed: they begin anew where their node is lost, or where they were left.
/// </remarks>
internal sealed class RingClient : ICacheClient
{
    private readonly RingNodes _nodes;
    private readonly RingChanges _changes;
    private readonly PrimaryServers _every;
    private readonly KeyScan _scan;

    /// <summary>Creates a client on nodes, which stay the caller's.</summary>
    public RingClient(RingNodes nodes)
    {
        _nodes = nodes;
        _changes = new RingChanges(nodes);
        _every = new PrimaryServers(nodes.Options, nodes.Time, _ => Task.FromResult<IReadOnlyCollection<string>>(nodes.Options.Addresses.ToArray()));
        _scan = new KeyScan(new PrimaryServers(nodes.Options, nodes.Time, nodes.UsedAsync));
        Fence = new RingFence(nodes, _changes);
    }

    /// <inheritdoc/>
    public IFence Fence { get; }

    /// <inheritdoc/>
    public async ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken = default) =>
        await (await OfAsync(key, cancellationToken).ConfigureAwait(false)).GetAsync(key, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default) => await ReplaceAsync(
        key,
        async client =>
        {
            await client.SetAsync(key, value, timeToLive, cancellationToken).ConfigureAwait(false);
            return true;
        },
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<bool> SetIfAbsentAsync(string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        ReplaceAsync(key, client => client.SetIfAbsentAsync(key, value, timeToLive, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> SetIfEqualAsync(
        string key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        ReplaceAsync(key, client => client.SetIfEqualAsync(key, expected, value, timeToLive, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteIfEqualAsync(string key, ReadOnlyMemory<byte> expected, CancellationToken cancellationToken = default) =>
        ReplaceAsync(key, client => client.DeleteIfEqualAsync(key, expected, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<RateTake> TakeAsync(string key, RateTerms terms, CancellationToken cancellationToken = default)
    {
        RateTerms.Check(terms);
        return await (await OfAsync(key, cancellationToken).ConfigureAwait(false)).TakeAsync(key, terms, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<long> DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) =>
        (await Task.WhenAll(keys.Select(key => _changes.ChangeAsync(
            key,
            member => member.Client.DeleteAsync([key], cancellationToken),
            static _ => true,
            member => DeleteAsync(member, key, cancellationToken),
            cancellationToken).AsTask())).ConfigureAwait(false)).Sum();

    /// <inheritdoc/>
    public async ValueTask<long> ExistsAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) =>
        (await Task.WhenAll(keys.Select(async key =>
            await (await OfAsync(key, cancellationToken).ConfigureAwait(false)).ExistsAsync([key], cancellationToken).ConfigureAwait(false))).ConfigureAwait(false)).Sum();

    /// <inheritdoc/>
    public async ValueTask<long> IncrementAsync(string key, long by = 1, CancellationToken cancellationToken = default) =>
        await (await OfAsync(key, cancellationToken).ConfigureAwait(false)).IncrementAsync(key, by, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<bool> ExpireAsync(string key, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        await (await OfAsync(key, cancellationToken).ConfigureAwait(false)).ExpireAsync(key, timeToLive, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> ScanAsync(string pattern, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        return _scan.KeysAsync(pattern, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<KeyPage> ScanPageAsync(string pattern, int limit, string? cursor = null, CancellationToken cancellationToken = default) =>
        await _scan.PageAsync(pattern, limit, cursor, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ServerStatistics>> StatisticsAsync(CancellationToken cancellationToken = default) =>
        await ServerInfo.ReadAsync(_every, cancellationToken).ConfigureAwait(false);

    /// <summary>The longest of the nodes' round trips.</summary>
    /// <exception cref="CacheUnavailableException">Not all of them are used: the message names those that are not.</exception>
    public async ValueTask<TimeSpan> PingAsync(CancellationToken cancellationToken = default)
    {
        await _nodes.UsedAsync(cancellationToken).ConfigureAwait(false);
        var used = _nodes.View.In;
        string[] lost = [.. _nodes.Members.Where(member => (used & member.Bit) == 0).Select(member => member.Address)];
        return lost.Length > 0
            ? throw new CacheUnavailableException($"{_nodes.Members.Count - lost.Length} of the ring's {_nodes.Members.Count} nodes are used; not {string.Join(", ", lost)}.")
            : (await Task.WhenAll(_nodes.Of(used).Select(member => member.Client.PingAsync(cancellationToken).AsTask())).ConfigureAwait(false)).Max();
    }

    /// <summary>Does nothing: the nodes are closed by their owner.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async ValueTask DeleteAsync(RingMember member, string key, CancellationToken cancellationToken) =>
        await member.Client.DeleteAsync([key], cancellationToken).ConfigureAwait(false);

    private async ValueTask<ICacheClient> OfAsync(string key, CancellationToken cancellationToken) => (await _nodes.FindAsync(key, cancellationToken).ConfigureAwait(false)).Client;

    private ValueTask<bool> ReplaceAsync(string key, Func<ICacheClient, ValueTask<bool>> replace, CancellationToken cancellationToken) => _changes.ChangeAsync(
        key, member => replace(member.Client), static done => done, member => DeleteAsync(member, key, cancellationToken), cancellationToken);
}
