using Cache.Core.Valkey;

namespace Cache.Core.Fencing;

/// <summary>A fence that is asked for many keys in one write per server.</summary>
internal interface IManyFence
{
    /// <summary>Values that lie there and need no more than reading; in the order of the keys.</summary>
    /// <exception cref="CacheUnavailableException">No server answers.</exception>
    ValueTask<FenceHit[]> ReadHitsAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken);

    /// <summary>As <see cref="IFence.ReadAsync"/> of each key with its owner; in their order, null where its server does not answer.</summary>
    /// <exception cref="CacheUnavailableException">No server answers.</exception>
    ValueTask<FenceNote?[]> ReadManyAsync(IReadOnlyList<(string Key, string? Owner)> keys, TimeSpan fenceLife, TimeSpan lease, CancellationToken cancellationToken);
}
