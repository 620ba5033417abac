using Microsoft.Extensions.Caching.Hybrid;

namespace Cache.Core.Tiered;

/// <summary>HybridCache's options in this cache's words.</summary>
internal static class HybridTerms
{
    /// <summary>Carried by everything that came through HybridCache: removing it removes all of that.</summary>
    public const string Everything = "*";

    private static readonly string[] EverythingOnly = [Everything];

    /// <summary>The plan for a call.</summary>
    public static EntryPlan Plan(EntryPlan plan, HybridCacheEntryOptions? options, IEnumerable<string>? tags)
    {
        var tagged = plan with { Tags = Tags(tags) };
        if (options is null)
            return tagged;
        var life = options.Expiration ?? plan.L2TimeToLive;
        var local = options.LocalCacheExpiration ?? options.Expiration ?? plan.L1TimeToLive;
        return tagged with
        {
            L2TimeToLive = life,
            L1TimeToLive = EntryPlan.Shorter(local, life),
            Skip = Steps(options.Flags ?? HybridCacheEntryFlags.None),
        };
    }

    public static bool ReadsL1(HybridCacheEntryOptions? options) =>
        options?.Flags is not { } flags || (flags & HybridCacheEntryFlags.DisableLocalCacheRead) == HybridCacheEntryFlags.None;

    private static CacheSteps Steps(HybridCacheEntryFlags flags) =>
        Step(flags, HybridCacheEntryFlags.DisableLocalCacheRead, CacheSteps.ReadL1)
        | Step(flags, HybridCacheEntryFlags.DisableLocalCacheWrite, CacheSteps.FillL1)
        | Step(flags, HybridCacheEntryFlags.DisableDistributedCacheRead, CacheSteps.ReadL2)
        | Step(flags, HybridCacheEntryFlags.DisableDistributedCacheWrite, CacheSteps.FillL2)
        | Step(flags, HybridCacheEntryFlags.DisableUnderlyingData, CacheSteps.Fetch);

    private static CacheSteps Step(HybridCacheEntryFlags flags, HybridCacheEntryFlags flag, CacheSteps step) =>
        (flags & flag) == flag ? step : CacheSteps.None;

    private static string[] Tags(IEnumerable<string>? tags)
    {
        if (tags is null)
            return EverythingOnly;
        var all = tags.Append(Everything).Distinct(StringComparer.Ordinal).ToArray();
        if (Array.Exists(all, string.IsNullOrEmpty))
            throw new ArgumentException("A tag is empty.", nameof(tags));
        return all;
    }
}
