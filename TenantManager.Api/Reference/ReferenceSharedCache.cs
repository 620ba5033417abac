using System.Text.Json;
using Cache.Core;
using Cache.Core.Tiered;
using TenantManager.Contracts;
using TenantManager.Contracts.Reference;

namespace TenantManager.Api.Reference;

/// <summary>
/// Reference data in Valkey, for all services: written here and by nobody else. It is never read through, so no look-up of this
/// service ever waits for one of another, which waits for this service's answer.
/// </summary>
internal sealed class ReferenceSharedCache([FromKeyedServices(ReferenceSharedCache.ServiceKey)] TieredCache cache)
{
    public const string ServiceKey = "reference-data";

    /// <summary>A set that has not changed is written anew at this age: it lives on, and readers know that its owner still says so.</summary>
    public static readonly TimeSpan RewriteAge = TimeSpan.FromMinutes(5);

    private static readonly CacheEntryOptions InValkeyOnly = new() { Skip = CacheSteps.ReadL1 | CacheSteps.FillL1 };

    /// <summary>How Valkey keeps it.</summary>
    public static void Configure(TieredCacheOptions options)
    {
        options.KeyPrefix = ReferenceCache.KeyPrefix;
        options.Format = CacheFormat.PlainJson;
        options.L2TimeToLive = ReferenceCache.Lifetime;
        options.L2SoftExpiration = RewriteAge;
        options.L1Capacity = 16;
        options.RevisionOf = static value => value is ReferenceSet set ? set.Revision : null;
        options.BelongsTo = static (key, value) => value is ReferenceSet set && set.IsOf(key);
    }

    /// <summary>Whether Valkey holds exactly this set, and not for long. What it holds in its place may be older, or not from here.</summary>
    public async Task<bool> HoldsAsync(ReferenceSet set, CancellationToken cancellationToken) =>
        await cache.PeekAsync<ReferenceSet>(set.Kind, cancellationToken) is { Outcome: FetchOutcome.Found, IsStale: false, Value: { } held } && AreSame(held, set);

    /// <summary>Writes a set; fetches and older writes that are under way are overtaken. With Valkey away it is left to the next look.</summary>
    public async Task WriteAsync(ReferenceSet set, CancellationToken cancellationToken)
    {
        // A revision that was never given, and would win over this one.
        if (await cache.PeekAsync<ReferenceSet>(set.Kind, cancellationToken) is { Value: { } held } && held.Revision > set.Revision)
            await cache.InvalidateAsync(set.Kind, cancellationToken);
        await cache.SetAsync(set.Kind, set, InValkeyOnly, cancellationToken);
    }

    private static bool AreSame(ReferenceSet one, ReferenceSet other) =>
        one.Revision == other.Revision
        && JsonSerializer.SerializeToUtf8Bytes(one, ContractJson.Options).AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(other, ContractJson.Options));
}
