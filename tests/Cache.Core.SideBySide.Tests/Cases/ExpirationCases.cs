using Cache.Core.SideBySide.Tests.Stage;
using Cache.Core.SideBySide.Tests.Table;
using Microsoft.Extensions.Caching.Hybrid;

namespace Cache.Core.SideBySide.Tests.Cases;

/// <summary>How long a value is served.</summary>
internal static class ExpirationCases
{
    public static IReadOnlyList<Case> All { get; } =
    [
        new("What has expired is created anew", async play =>
        {
            var shortly = new HybridCacheEntryOptions { Expiration = TimeSpan.FromMilliseconds(50) };
            await play.CreateAsync("k", "old", shortly);
            while (await play.CreateAsync("k", "new", shortly) == "old")
                await Task.Delay(10);
        }),
        new("What was set with an expiration expires", async play =>
        {
            await play.Cache.SetAsync("k", "old", new HybridCacheEntryOptions { Expiration = TimeSpan.FromMilliseconds(50) });
            while (await play.CreateAsync("k", "new") == "old")
                await Task.Delay(10);
        }),
        new("What has expired in the first tier comes from the second one", async play =>
        {
            var options = new HybridCacheEntryOptions { Expiration = TimeSpan.FromMinutes(5), LocalCacheExpiration = TimeSpan.FromMilliseconds(20) };
            await play.CreateAsync("k", "a", options);
            await Task.Delay(60);
            Assert.Equal("a", await play.CreateAsync("k", "b", options));
        }) { Under = Condition.Valkey },
        new("A local expiration that is longer than the expiration does not make it longer", async play =>
        {
            var options = new HybridCacheEntryOptions { Expiration = TimeSpan.FromMilliseconds(50), LocalCacheExpiration = TimeSpan.FromMinutes(5) };
            await play.CreateAsync("k", "old", options);
            while (await play.CreateAsync("k", "new", options) == "old")
                await Task.Delay(10);
        }),
        new("An expiration without end is none", async play =>
        {
            var options = new HybridCacheEntryOptions { Expiration = TimeSpan.MaxValue };
            await play.CreateAsync("k", "a", options);
            Assert.Equal("a", await play.CreateAsync("k", "b", options));
        }),
        new("An expiration of zero keeps nothing, and is no error", async play =>
        {
            var options = new HybridCacheEntryOptions { Expiration = TimeSpan.Zero };
            await play.CreateAsync("k", "a", options);
            Assert.Equal("b", await play.CreateAsync("k", "b", options));
        }),
    ];
}
