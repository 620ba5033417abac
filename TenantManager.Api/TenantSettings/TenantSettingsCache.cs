using Cache.Core;
using Cache.Core.Tiered;
using TenantManager.Contracts;

namespace TenantManager.Api.TenantSettings;

/// <summary>Reads settings through both tiers. With the state database away they are known for as long as a tier remembers them.</summary>
internal sealed class TenantSettingsCache(
    [FromKeyedServices(TenantSettingsCache.ServiceKey)] TieredCache cache, TenantSettingsStore store, TimeProvider time)
{
    public const string ServiceKey = "tenant-settings";
    public const string KeyPrefix = "tenant-settings:";

    /// <summary>How long the answer to a change waits for Valkey. This process has forgotten what was before whatever Valkey says.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>A tenant's settings; null when there is no such tenant.</summary>
    public async ValueTask<TenantSettingsEntry?> FindAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var lookup = await cache.GetOrFetchAsync(tenant.Value, (store, tenant), FetchAsync, cancellationToken);
        return lookup.Value;
    }

    /// <summary>
    /// Tells the tiers, and by them every instance, that settings have changed. Returns when Valkey knows, and at the latest after a
    /// second: then it is told later.
    /// </summary>
    public async Task TellAsync(TenantId tenant)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            await cache.InvalidateAsync(tenant.Value).AsTask().WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // It goes on.
        }
    }

    /// <summary>How the tiers keep settings.</summary>
    public static void Configure(TieredCacheOptions options)
    {
        options.KeyPrefix = KeyPrefix;
        options.L1Capacity = 10_000;
        options.L2TimeToLive = TimeSpan.FromHours(12);

        // Changes are announced; this bounds what is missed when the instance that has made one ends before it could say so.
        options.L1TimeToLive = TimeSpan.FromMinutes(1);
        options.L2SoftExpiration = TimeSpan.FromMinutes(1);
        options.Jitter = 0.01;
        options.FetchTimeout = TimeSpan.FromSeconds(10);
        options.RevisionOf = static value => value is TenantSettingsEntry entry ? entry.Revision : null;
        options.BelongsTo = static (key, value) => value is TenantSettingsEntry entry && entry.TenantId == key;
    }

    private static async ValueTask<FetchResult<TenantSettingsEntry>> FetchAsync((TenantSettingsStore Store, TenantId Tenant) asked, CancellationToken cancellationToken) =>
        await asked.Store.FindAsync(asked.Tenant, cancellationToken) is { } found
            ? FetchResult<TenantSettingsEntry>.Found(found, found.Revision)
            : FetchResult<TenantSettingsEntry>.NotFound();
}
