using Cache.Core;
using Cache.Core.Coherence;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.Logging;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;
using TenantManager.Contracts.Reference;

namespace TenantManager.Client.Reference;

/// <summary>
/// Countries, currencies and types of assets: from this process, from the shared cache, or from the tenant-manager, whose they are.
/// It reads and never writes; to change them call the tenant-manager's <c>/v1/reference</c>.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class ReferenceData : IAsyncDisposable
{
    /// <summary>With <c>CACHE_COHERENCE=off</c>, and an event lost, an answer is at most this much behind what Valkey holds.</summary>
    public static readonly TimeSpan L1TimeToLive = TimeSpan.FromMinutes(1);

    /// <summary>The tenant-manager writes each set anew every five minutes, changed or not. One that is older than this is asked for.</summary>
    public static readonly TimeSpan L2SoftExpiration = TimeSpan.FromMinutes(10);

    /// <summary>With a set at hand that is past its time, nobody waits longer than this for a better one.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Where there is none, as with Go's tenant-manager, it is asked again after this.</summary>
    private static readonly CacheEntryOptions NoneThere = new() { StaleIfError = TimeSpan.Zero };

    private static readonly CacheEntryOptions PastL1 = new() { Skip = CacheSteps.ReadL1 };
    private readonly TieredCache _cache;
    private readonly TenantManagerHttp _http;

    internal ReferenceData(
        TenantManagerHttp http, TimeSpan fetchTimeout, ICacheClient? valkey, string? encryptionKeys, ICoherence? coherence, TimeProvider time, ILogger<TieredCache> logger)
    {
        _http = http;
        _cache = new TieredCache(
            new TieredCacheOptions
            {
                KeyPrefix = ReferenceCache.KeyPrefix,
                L1TimeToLive = L1TimeToLive,
                L1Capacity = 16,
                L2TimeToLive = ReferenceCache.Lifetime,
                L2SoftExpiration = L2SoftExpiration,
                StaleIfError = ReferenceCache.Lifetime,
                FetchTimeout = fetchTimeout,
                FetchSoftTimeout = Patience,
                L2SoftTimeout = Patience,
                RevisionOf = static value => value is ReferenceSet { Revision: > 0 } set ? set.Revision : null,
                BelongsTo = static (key, value) => value is ReferenceSet set && set.IsOf(key),
            },
            valkey is null ? null : new ValkeyConfigCache(new ReadOnlyCacheClient(valkey), ReferenceCache.KeyPrefix, ContractJson.Options, encryptionKeys),
            time,
            logger,
            coherence);
    }

    /// <summary>All entries of a kind; null when the tenant-manager has no reference data, as Go's.</summary>
    /// <exception cref="TenantManagerUnavailableException">Neither tier has it and the tenant-manager does not answer.</exception>
    public async ValueTask<ReferenceSet?> GetAsync(ReferenceKind kind, CancellationToken cancellationToken = default) =>
        (await LookUpAsync(kind, cancellationToken).ConfigureAwait(false)).Value is { Revision: > 0 } set ? set : null;

    /// <summary>The entry with a code, to the letter; null when there is none.</summary>
    /// <inheritdoc cref="GetAsync" path="/exception"/>
    public async ValueTask<ReferenceEntry?> FindAsync(ReferenceKind kind, string code, CancellationToken cancellationToken = default) =>
        (await GetAsync(kind, cancellationToken).ConfigureAwait(false))?.Find(code);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _cache.DisposeAsync();

    /// <summary>As <see cref="GetAsync"/>, and where it came from.</summary>
    internal ValueTask<CacheLookup<ReferenceSet>> LookUpAsync(ReferenceKind kind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return _cache.GetOrFetchAsync(kind.Name, (_http, kind), Fetch, cancellationToken);
    }

    /// <summary>Takes what Valkey holds in place of what this process holds, if that is older than a revision.</summary>
    internal async ValueTask LookAgainAsync(ReferenceKind kind, long revision, CancellationToken cancellationToken)
    {
        if (!_cache.TryPeekL1<ReferenceSet>(kind.Name, out var held) || held.Revision < revision)
            await _cache.TryGetAsync<ReferenceSet>(kind.Name, PastL1, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<FetchResult<ReferenceSet>> Fetch((TenantManagerHttp Http, ReferenceKind Kind) call, CancellationToken cancellationToken) =>
        await call.Http.GetReferenceAsync(call.Kind, cancellationToken).ConfigureAwait(false) is { } set
            ? FetchResult<ReferenceSet>.Found(set, set.Revision)
            : FetchResult<ReferenceSet>.Found(new ReferenceSet { Kind = call.Kind.Name, Revision = 0, Entries = [] }, options: NoneThere);
}
