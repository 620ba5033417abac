using Cache.Core.SideBySide.Tests.Stage;
using Cache.Core.SideBySide.Tests.Table;
using Microsoft.Extensions.Caching.Hybrid;

namespace Cache.Core.SideBySide.Tests.Cases;

/// <summary>Each flag does what its name says.</summary>
internal static class FlagCases
{
    public static IReadOnlyList<Case> All { get; } =
    [
        new("DisableUnderlyingData, not there: the default, and the factory does not run", async play =>
        {
            Assert.Null(await play.CreateAsync<string?>("k", "a", Flags(HybridCacheEntryFlags.DisableUnderlyingData)));
            Assert.Equal(0, play.Created);
            Assert.Equal("b", await play.CreateAsync("k", "b"));
        }),
        new("DisableUnderlyingData, there: the value", async play =>
        {
            await play.CreateAsync("k", "a");
            Assert.Equal("a", await play.CreateAsync("k", "b", Flags(HybridCacheEntryFlags.DisableUnderlyingData)));
        }),
        new("DisableUnderlyingData without a key: the default, and the factory does not run", async play =>
        {
            Assert.Null(await play.CreateAsync<string?>(string.Empty, "a", Flags(HybridCacheEntryFlags.DisableUnderlyingData)));
            Assert.Equal(0, play.Created);
        }),
        new("Both writes disabled: nothing is kept", async play =>
        {
            var flags = Flags(HybridCacheEntryFlags.DisableLocalCacheWrite | HybridCacheEntryFlags.DisableDistributedCacheWrite);
            Assert.Equal("a", await play.CreateAsync("k", "a", flags));
            Assert.Equal("b", await play.CreateAsync("k", "b"));
        }),
        new("Both writes disabled: SetAsync keeps nothing", async play =>
        {
            await play.Cache.SetAsync("k", "set", Flags(HybridCacheEntryFlags.DisableLocalCacheWrite | HybridCacheEntryFlags.DisableDistributedCacheWrite));
            Assert.Equal("made", await play.CreateAsync("k", "made"));
        }),
        new("Both tiers disabled: the factory runs each time", async play =>
        {
            var flags = Flags(HybridCacheEntryFlags.DisableLocalCache | HybridCacheEntryFlags.DisableDistributedCache);
            await play.CreateAsync("k", "a", flags);
            Assert.Equal("b", await play.CreateAsync("k", "b", flags));
        }),
        new("The second tier disabled: the first one serves", async play =>
        {
            await play.CreateAsync("k", "a", Flags(HybridCacheEntryFlags.DisableDistributedCache));
            Assert.Equal("a", await play.CreateAsync("k", "b", Flags(HybridCacheEntryFlags.DisableDistributedCache)));
        }),
        new("The first tier disabled: the second one serves, if there is one", async play =>
        {
            await play.CreateAsync("k", "a", Flags(HybridCacheEntryFlags.DisableLocalCache));
            Assert.Equal("a", await play.CreateAsync("k", "b", Flags(HybridCacheEntryFlags.DisableLocalCache)));
        }) { Under = Condition.Valkey },
        new("Both reads disabled: the factory runs, and its answer replaces what was there", async play =>
        {
            await play.CreateAsync("k", "old");
            Assert.Equal("new", await play.CreateAsync("k", "new", Flags(HybridCacheEntryFlags.DisableLocalCacheRead | HybridCacheEntryFlags.DisableDistributedCacheRead)));
            Assert.Equal("new", await play.CreateAsync("k", "newer"));
        }),
        new("A flag that means nothing here does no harm", async play =>
        {
            await play.CreateAsync("k", "a", Flags(HybridCacheEntryFlags.DisableCompression));
            Assert.Equal("a", await play.CreateAsync("k", "b", Flags(HybridCacheEntryFlags.DisableCompression)));
        }),
    ];

    private static HybridCacheEntryOptions Flags(HybridCacheEntryFlags flags) => new() { Flags = flags };
}
