using Cache.Core;
using Cache.Core.Tiered;

namespace TenantManager.Api.Keys;

/// <summary>
/// Validates keys through both tiers, under <c>apikey:sha256:…</c>; what was presented is kept nowhere. A key that is not known is
/// remembered in this process only, in a small bound: nobody fills Valkey, or the tiers, with keys that he makes up.
/// </summary>
/// <remarks>
/// With the state database away, keys that were used before are known for as long as either tier remembers, and those that were
/// revoked stay so. With Valkey away the database is asked.
/// </remarks>
internal sealed class ApiKeyCache(
    [FromKeyedServices(ApiKeyCache.ServiceKey)] TieredCache cache, ApiKeyStore store, TimeProvider time) : IAsyncDisposable
{
    public const string ServiceKey = "api-keys";
    public const string KeyPrefix = "apikey:";

    public static readonly TimeSpan L1TimeToLive = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan L2TimeToLive = TimeSpan.FromHours(12);

    private static readonly TimeSpan L2SoftExpiration = TimeSpan.FromMinutes(30);

    /// <summary>How long the state database is waited for.</summary>
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long the answer to a revocation waits for Valkey. This process refuses the key whatever Valkey says.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>How long a call waits for its turn to look a key up.</summary>
    private static readonly TimeSpan TurnPatience = TimeSpan.FromSeconds(5);

    /// <summary>Whether a key was ever issued. In this process only; what was once issued stays so.</summary>
    private readonly TieredCache _issued = new(
        new TieredCacheOptions
        {
            L1TimeToLive = L1TimeToLive,
            L1Capacity = 10_000,
            NegativeLifetime = TimeSpan.FromSeconds(5),
            NegativeCapacity = 1024,
            StaleIfError = L2TimeToLive,
            FetchTimeout = FetchTimeout,
        },
        l2: null,
        time);

    /// <summary>Keys that nobody has issued may take so many of the database's connections, and no more.</summary>
    private readonly SemaphoreSlim _turns = new(8);

    /// <summary>What is known of a key: found, not found, or denied because it was revoked or has expired.</summary>
    public async ValueTask<FetchResult<ApiKeyEntry>> FindAsync(string presented, CancellationToken cancellationToken)
    {
        if (!ApiKeyText.IsWellFormed(presented))
            return FetchResult<ApiKeyEntry>.NotFound();
        var hash = ApiKeyText.Hash(presented);
        var key = KeyOf(hash);
        if (!cache.TryGetL1<ApiKeyEntry>(key, out var lookup))
            lookup = await LookUpAsync(key, hash, cancellationToken);
        return lookup.Value is { } entry && entry.ExpiresAt <= time.GetUtcNow()
            ? FetchResult<ApiKeyEntry>.Denied(ApiKeyStatus.Expired, entry.Revision)
            : lookup.Result;
    }

    /// <summary>
    /// Tells the tiers, and by them every instance, what has become of a key's secrets. Returns when Valkey knows, and at the
    /// latest after a second: then it is told later.
    /// </summary>
    public async Task TellAsync(IEnumerable<StoredSecret> secrets)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            await Task.WhenAll(secrets.Select(TellAsync)).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // It goes on; and every instance looks for changes itself (ApiKeyWatch).
        }
    }

    public async Task TellAsync(StoredSecret stored)
    {
        var key = KeyOf(stored.Secret.Hash);
        var answer = stored.Answer(time.GetUtcNow());
        if (answer.Outcome == FetchOutcome.Denied)
        {
            try
            {
                await cache.RefreshAsync(key, answer, static (denied, _) => ValueTask.FromResult(denied));
                return;
            }
            catch (OutdatedAnswerException)
            {
                // Somebody has written a revision into Valkey that nobody gave. What the tiers hold goes, and the database is asked.
            }
        }

        await cache.InvalidateAsync(key);
    }

    /// <summary>How the tiers keep keys.</summary>
    public static void Configure(TieredCacheOptions options)
    {
        options.KeyPrefix = KeyPrefix;
        options.L1TimeToLive = L1TimeToLive;
        options.L2TimeToLive = L2TimeToLive;
        options.StaleIfError = L2TimeToLive;

        // Changes are announced; this is for those that somebody makes in the database by hand. An entry's age is told from what is
        // left of its life, so that must not vary much.
        options.L2SoftExpiration = L2SoftExpiration;
        options.Jitter = 0.01;
        options.FetchTimeout = FetchTimeout;
        options.L1Capacity = 10_000;
        options.RevisionOf = static value => value is ApiKeyEntry entry ? entry.Revision : null;
        options.BelongsTo = static (key, value) => value is ApiKeyEntry entry && key == $"sha256:{entry.Hash}";
    }

    public async ValueTask DisposeAsync()
    {
        await _issued.DisposeAsync();
        _turns.Dispose();
    }

    public static string KeyOf(byte[] hash) => $"sha256:{Convert.ToHexStringLower(hash)}";

    private async ValueTask<CacheLookup<ApiKeyEntry>> LookUpAsync(string key, byte[] hash, CancellationToken cancellationToken)
    {
        // Who only reads leaves nothing behind in Valkey; a fetch does, so it is for keys that were issued.
        if (await cache.TryGetAsync<ApiKeyEntry>(key, cancellationToken) is { } known)
        {
            if (!known.IsStale)
                return known;
        }
        else if (!await WasIssuedAsync(key, hash, cancellationToken))
        {
            return default;
        }

        return await cache.GetOrFetchAsync(key, (store, hash, time), static (asked, stop) => FetchAsync(asked.store, asked.hash, asked.time, stop), cancellationToken);
    }

    private async ValueTask<bool> WasIssuedAsync(string key, byte[] hash, CancellationToken cancellationToken) =>
        (await _issued.GetOrFetchAsync(key, (Cache: this, hash), static (asked, stop) => asked.Cache.WasIssuedAsync(asked.hash, stop), cancellationToken)).Outcome == FetchOutcome.Found;

    private async ValueTask<FetchResult<bool>> WasIssuedAsync(byte[] hash, CancellationToken cancellationToken)
    {
        if (!await _turns.WaitAsync(TurnPatience, cancellationToken))
            throw new TimeoutException("Too many keys are being looked up.");
        try
        {
            return await store.FindAsync(hash, cancellationToken) is null ? FetchResult<bool>.NotFound() : FetchResult<bool>.Found(true);
        }
        finally
        {
            _turns.Release();
        }
    }

    private static async ValueTask<FetchResult<ApiKeyEntry>> FetchAsync(ApiKeyStore store, byte[] hash, TimeProvider time, CancellationToken cancellationToken) =>
        await store.FindAsync(hash, cancellationToken) is { } stored ? stored.Answer(time.GetUtcNow()) : FetchResult<ApiKeyEntry>.NotFound();
}
