using System.Text.Json;
using Cache.Core;
using Cache.Core.Memory;
using Cache.Core.Tiered;
using TenantManager.Client.Configuration;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;

namespace TenantManager.Client.TenantConfigs;

/// <summary>Tenants' configuration: from this process, from Valkey, or from the tenant-manager.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class TenantConfigClient
{
    private readonly TieredCache _cache;
    private readonly TenantManagerHttp _http;
    private readonly ConfigSlots _slots = new();

    /// <summary>How the shared tier is looked at, and when it is time to renew what it holds.</summary>
    private readonly CacheEntryOptions? _look;

    /// <param name="cache">The cache.</param>
    /// <param name="http">The tenant-manager.</param>
    /// <param name="sharedLife">How long configuration lives in the shared tier; null where there is none.</param>
    internal TenantConfigClient(TieredCache cache, TenantManagerHttp http, TimeSpan? sharedLife = null)
    {
        _cache = cache;
        _http = http;
        _look = sharedLife is { } life ? new CacheEntryOptions { Skip = CacheSteps.ReadL1 | CacheSteps.FillL1, L2SoftExpiration = life / 2 } : null;
    }

    /// <summary>A tenant's configuration for a service.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="service">The service, such as <c>ledger</c>.</param>
    /// <param name="skipCache">Reads neither tier, but writes the answer back to both.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    /// <returns>Found, not found or denied, and where the answer came from.</returns>
    /// <exception cref="TenantManagerUnavailableException">Neither tier has it and the tenant-manager does not answer.</exception>
    public ValueTask<CacheLookup<TenantConfig>> GetTenantConfigAsync(
        TenantId tenant, string service, bool skipCache = false, CancellationToken cancellationToken = default)
    {
        return !skipCache && TryHit(tenant, service, out var lookup) ? new(lookup) : LoadAsync(tenant, service, skipCache, cancellationToken);
    }

    /// <summary>What this process holds fresh in L1, counted as a hit. No key, no state machine, no allocation.</summary>
    internal bool TryHit(TenantId tenant, string service, out CacheLookup<TenantConfig> lookup)
    {
        var slot = _slots.Find(tenant, service);
        if (slot is not null && _cache.TryHit(slot.Entry))
        {
            lookup = Hit(slot.Entry);
            return true;
        }

        if (_cache.TryHold<TenantConfig>(ConfigKey.Buffered(tenant, service), out var held) && IsOf(tenant, held.Value))
        {
            _slots.Offer(tenant, service, held);
            lookup = Hit(held);
            return true;
        }

        lookup = default;
        return false;
    }

    /// <summary>
    /// As past both tiers, for a tenant that is known to be revoked: this process's tombstone is believed until the tenant-manager
    /// is to be asked again, so that those who keep asking for the tenant do not ask it each time. One in L2 is not: nothing here
    /// says when to ask again.
    /// </summary>
    internal async ValueTask<CacheLookup<TenantConfig>> RecheckTenantConfigAsync(TenantId tenant, string service, CancellationToken cancellationToken) =>
        await PeekAsync(tenant, service, cancellationToken).ConfigureAwait(false) is { Outcome: FetchOutcome.Denied, Source: CacheSource.L1 } denied
            ? denied
            : await LoadAsync(tenant, service, skipCache: true, cancellationToken).ConfigureAwait(false);

    /// <summary>Drops a tenant's configuration from both tiers.</summary>
    public ValueTask InvalidateConfigAsync(TenantId tenant, string service, CancellationToken cancellationToken = default) =>
        _cache.InvalidateAsync(TenantConfigKey.For(tenant, service), cancellationToken);

    /// <summary>A tenant with its metadata, from the tenant-manager; null when it is unknown.</summary>
    /// <exception cref="TenantManagerUnavailableException">The tenant-manager does not answer.</exception>
    public ValueTask<TenantDetails?> GetTenantAsync(TenantId tenant, CancellationToken cancellationToken = default) =>
        _http.GetTenantAsync(tenant, cancellationToken);

    /// <summary>The tenants that are active for a service, from the tenant-manager.</summary>
    /// <exception cref="TenantManagerUnavailableException">The tenant-manager does not answer.</exception>
    public ValueTask<IReadOnlyList<ActiveTenant>> GetActiveTenantsAsync(string service, CancellationToken cancellationToken = default) =>
        _http.GetActiveTenantsAsync(service, cancellationToken);

    /// <summary>What this process holds fresh in L1, without loading anything.</summary>
    internal TenantConfig? Peek(TenantId tenant, string service) =>
        _cache.TryPeekL1<TenantConfig>(TenantConfigKey.For(tenant, service), out var config) ? config : null;

    /// <summary>
    /// Whether both tiers hold what the tenant-manager has answered this process last, and the shared one for some time to come. L1
    /// may hold nothing.
    /// </summary>
    internal async ValueTask<bool> HoldsAnswerAsync(TenantId tenant, string service, long revision, CancellationToken cancellationToken)
    {
        if (_http.Answered(tenant, service) is not { } answer || answer.Revision != revision || (Peek(tenant, service) is { } held && !AreSame(held, answer)))
            return false;
        return _look is null
            || (await _cache.TryGetAsync<TenantConfig>(TenantConfigKey.For(tenant, service), _look, cancellationToken).ConfigureAwait(false)
                    is { Outcome: FetchOutcome.Found, IsStale: false, Value: { } shared }
                && AreSame(shared, answer));
    }

    /// <summary>What a look-up would be answered right now; null when the tenant-manager would be asked. Changes nothing.</summary>
    internal ValueTask<CacheLookup<TenantConfig>?> PeekAsync(TenantId tenant, string service, CancellationToken cancellationToken) =>
        _cache.PeekAsync<TenantConfig>(TenantConfigKey.For(tenant, service), cancellationToken);

    /// <summary>What the tenant is served on while neither L2 nor the tenant-manager can be reached; null when it is not served.</summary>
    internal TenantConfig? PeekStale(TenantId tenant, string service) =>
        _cache.TryPeekStaleL1<TenantConfig>(TenantConfigKey.For(tenant, service), out var stale) ? stale : null;

    private static CacheLookup<TenantConfig> Hit(HeldEntry<TenantConfig> held) =>
        new(FetchResult<TenantConfig>.Found(held.Value, held.Revision), CacheSource.L1);

    private async ValueTask<CacheLookup<TenantConfig>> LoadAsync(
        TenantId tenant, string service, bool skipCache, CancellationToken cancellationToken)
    {
        var key = TenantConfigKey.For(tenant, service);
        var call = new Call(_http, tenant, service, skipCache);
        if (skipCache)
            return await _cache.RefreshAsync(key, call, Fetch, cancellationToken).ConfigureAwait(false);

        var lookup = await _cache.GetOrFetchAsync(key, call, Fetch, cancellationToken).ConfigureAwait(false);
        if (lookup.Outcome != FetchOutcome.Found || IsOf(tenant, lookup.Value!))
            return lookup;

        // Somebody wrote another tenant's configuration under this key: never serve it.
        await _cache.InvalidateAsync(key, cancellationToken).ConfigureAwait(false);
        return await _cache.RefreshAsync(key, call, Fetch, cancellationToken).ConfigureAwait(false);
    }

    private static bool AreSame(TenantConfig one, TenantConfig other) => ReferenceEquals(one, other)
        || JsonSerializer.SerializeToUtf8Bytes(one, ContractJson.Options).AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(other, ContractJson.Options));

    // Nearly always the same text; another spelling of the same id is read the long way.
    private static bool IsOf(TenantId tenant, TenantConfig config) =>
        string.Equals(config.Id, tenant.Value, StringComparison.Ordinal) || (TenantId.TryParse(config.Id, out var id) && id == tenant);

    private static ValueTask<FetchResult<TenantConfig>> Fetch(Call call, CancellationToken cancellationToken) =>
        call.Http.GetConfigAsync(call.Tenant, call.Service, call.SkipCache, cancellationToken);

    private readonly record struct Call(TenantManagerHttp Http, TenantId Tenant, string Service, bool SkipCache);
}
