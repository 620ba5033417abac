using System.Diagnostics.CodeAnalysis;
using Cache.Core.Memory;
using Cache.Core.Tagging;
using Microsoft.Extensions.Caching.Hybrid;

namespace Cache.Core.Tiered;

/// <summary>HybridCache's options in this cache's words.</summary>
/// <param name="own">What the cache's own options say.</param>
/// <param name="settings">What the application has said for all calls.</param>
internal sealed class HybridTerms(EntryPlan own, HybridSettings settings)
{
    private static readonly string[] EverythingOnly = [TagTable.Everything];
    private readonly EntryPlan _plan = Decided(own, settings.Defaults);

    /// <summary>The flags of a call that gives none.</summary>
    public HybridCacheEntryFlags Flags { get; } = settings.Defaults?.Flags ?? HybridCacheEntryFlags.None;

    /// <summary>Whether the key's value is cached: it is not without a key, or under one that is too long.</summary>
    public bool IsCached([NotNullWhen(true)] string? key) => !string.IsNullOrEmpty(key) && key.Length <= settings.LongestKey;

    /// <summary>The plan for a call.</summary>
    public EntryPlan Plan(HybridCacheEntryOptions? options, IEnumerable<string>? tags) =>
        Decided(_plan, options) with { Tags = Tags(tags) };

    public static bool ReadsL1(HybridCacheEntryOptions? options, HybridCacheEntryFlags otherwise) =>
        ((options?.Flags ?? otherwise) & HybridCacheEntryFlags.DisableLocalCacheRead) == HybridCacheEntryFlags.None;

    private static EntryPlan Decided(EntryPlan plan, HybridCacheEntryOptions? options)
    {
        if (options is null)
            return plan;
        var life = Life(options.Expiration) ?? plan.L2TimeToLive;

        // A call's own expiration says more about it than the local one of all calls.
        var local = Life(options.LocalCacheExpiration) ?? Life(options.Expiration) ?? plan.L1TimeToLive;
        return plan with
        {
            L2TimeToLive = life,
            L1TimeToLive = EntryPlan.Shorter(local, life),
            Skip = (options.Flags is { } flags ? Steps(flags) : plan.Skip) | Unkept(options),
        };
    }

    /// <summary>What is longer than anybody lives is for ever, and that is zero in this cache's words.</summary>
    private static TimeSpan? Life(TimeSpan? given) => given >= Expirations.Longest ? TimeSpan.Zero : given;

    /// <summary>What expires at once is not kept. In this cache's own words zero is for ever, which nobody means here.</summary>
    private static CacheSteps Unkept(HybridCacheEntryOptions options) =>
        options.Expiration <= TimeSpan.Zero ? CacheSteps.FillL1 | CacheSteps.FillL2
        : options.LocalCacheExpiration <= TimeSpan.Zero ? CacheSteps.FillL1
        : CacheSteps.None;

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
        var all = tags.Append(TagTable.Everything).Distinct(StringComparer.Ordinal).ToArray();
        if (Array.Exists(all, string.IsNullOrEmpty))
            throw new ArgumentException("A tag is empty.", nameof(tags));
        return all;
    }
}
