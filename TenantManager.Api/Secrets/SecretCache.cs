using Cache.Core;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantManager.Api.Configuration;

namespace TenantManager.Api.Secrets;

/// <summary>
/// Stands in front of the secret store. Each version of a secret has a place of its own, named by what the row says that was just read:
/// a rotated password can be in the way of nobody. A rotation or a purge takes the old one out of both tiers and every instance.
/// </summary>
/// <remarks>In Valkey encrypted by <c>CACHE_ENCRYPTION_KEYS</c>; without such keys secrets stay in the processes' memory.</remarks>
internal sealed partial class SecretCache(
    [FromKeyedServices(SecretCache.ServiceKey)] TieredCache cache,
    ISecretStore store,
    ValkeyOptions valkey,
    TimeProvider time,
    ILogger<SecretCache> logger) : IHostedService
{
    public const string ServiceKey = "tenant-secrets";
    public const string KeyPrefix = "tenant-secrets:";

    private static readonly TimeSpan LongestInL1 = TimeSpan.FromMinutes(5);

    /// <summary>How long the answer to a rotation waits for Valkey. This process forgets the old secret whatever Valkey says.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly CacheEntryOptions InMemory = new() { Skip = CacheSteps.ReadL2 | CacheSteps.FillL2 };

    private readonly CacheEntryOptions? _steps = valkey.EncryptionKeys is null ? InMemory : null;

    public async ValueTask<string> ReadAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        var lookup = await cache.GetOrFetchAsync(reference.CacheKey, (store, reference), FetchAsync, _steps, cancellationToken);

        // One that was rotated away, and is asked for by who read its row just before, is answered from the store and kept nowhere.
        return lookup.Value is { } cached && cached.Key == reference.CacheKey ? cached.Secret : await store.ReadAsync(reference, cancellationToken);
    }

    /// <summary>
    /// Takes a version that is no longer right out of both tiers and out of every instance, and keeps slower fetches from bringing it
    /// back. Returns when Valkey knows, and at the latest after a second: then it is told later.
    /// </summary>
    public async Task RetireAsync(SecretReference reference)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            await cache.RefreshAsync(reference.CacheKey, 0, static (_, _) => ValueTask.FromResult(FetchResult<CachedSecret>.Denied("retired"))).AsTask().WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // It goes on.
        }
    }

    /// <summary>How the tiers keep secrets.</summary>
    public static void Configure(TieredCacheOptions cache, ManagerOptions options)
    {
        cache.KeyPrefix = KeyPrefix;
        cache.L1TimeToLive = options.SecretLifetime < LongestInL1 ? options.SecretLifetime : LongestInL1;
        cache.L2TimeToLive = options.SecretLifetime;
        cache.DeniedRecheck = TimeSpan.FromHours(1);
        cache.L1Capacity = 10_000;
        cache.BelongsTo = static (key, value) => value is CachedSecret secret && secret.Key == key;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_steps is not null)
            LogInMemoryOnly();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async ValueTask<FetchResult<CachedSecret>> FetchAsync((ISecretStore Store, SecretReference Reference) asked, CancellationToken cancellationToken) =>
        FetchResult<CachedSecret>.Found(new CachedSecret { Key = asked.Reference.CacheKey, Secret = await asked.Store.ReadAsync(asked.Reference, cancellationToken) });

    [LoggerMessage(Level = LogLevel.Information, Message = "CACHE_ENCRYPTION_KEYS is not set: secrets of tenants are cached in this process only, not in Valkey")]
    private partial void LogInMemoryOnly();
}
