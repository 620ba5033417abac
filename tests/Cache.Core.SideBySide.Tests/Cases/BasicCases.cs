using Cache.Core.SideBySide.Tests.Table;
using Microsoft.Extensions.Caching.Hybrid;

namespace Cache.Core.SideBySide.Tests.Cases;

/// <summary>What every cache does.</summary>
internal static class BasicCases
{
    public static IReadOnlyList<Case> All { get; } =
    [
        new("A value is created once", async play =>
        {
            Assert.Equal("a", await play.CreateAsync("k", "a"));
            Assert.Equal("a", await play.CreateAsync("k", "b"));
            Assert.Equal(1, play.Created);
        }),
        new("The factory gets the state that was given", async play =>
            Assert.Equal(42, await play.Cache.GetOrCreateAsync("k", 41, static (state, _) => ValueTask.FromResult(state + 1)))),
        new("A key in a span is the same key", async play =>
        {
            await play.CreateAsync("key-1", "a");
            Assert.Equal("a", await play.Cache.GetOrCreateAsync("key-1".AsSpan(), _ => ValueTask.FromResult("b")));
        }),
        new("An interpolated key is the same key", async play =>
        {
            await play.CreateAsync("key-1", "a");
            var number = 1;
            Assert.Equal("a", await play.Cache.GetOrCreateAsync($"key-{number}", _ => ValueTask.FromResult("b")));
        }),
        new("What was set is found", async play =>
        {
            await play.Cache.SetAsync("k", "set");
            Assert.Equal("set", await play.CreateAsync("k", "created"));
        }),
        new("What is set replaces what was there", async play =>
        {
            await play.CreateAsync("k", "created");
            await play.Cache.SetAsync("k", "set");
            Assert.Equal("set", await play.CreateAsync("k", "again"));
        }),
        new("What was removed is created anew", async play =>
        {
            await play.CreateAsync("k", "old");
            await play.Cache.RemoveAsync("k");
            Assert.Equal("new", await play.CreateAsync("k", "new"));
        }),
        new("Several keys are removed in one call, and no other", async play =>
        {
            await play.CreateAsync("a", "old");
            await play.CreateAsync("b", "old");
            await play.CreateAsync("c", "old");
            await play.Cache.RemoveAsync(["a", "b"]);
            Assert.Equal("new", await play.CreateAsync("a", "new"));
            Assert.Equal("new", await play.CreateAsync("b", "new"));
            Assert.Equal("old", await play.CreateAsync("c", "new"));
        }),
        new("No keys, and keys that are not there, can be removed", async play =>
        {
            await play.Cache.RemoveAsync((IEnumerable<string>)null!);
            await play.Cache.RemoveAsync([]);
            await play.Cache.RemoveAsync("unknown");
        }),
        new("Keys differ by case", async play =>
        {
            await play.CreateAsync("key", "lower");
            Assert.Equal("upper", await play.CreateAsync("KEY", "upper"));
        }),
        new("Keys may hold spaces, signs and any letters", async play =>
        {
            string[] keys = ["a b", "a:b", "a*b", "a{b}", "é", "日本", "a/b?c=d&e", "~tag~x"];
            foreach (var key in keys)
                Assert.Equal(key, await play.CreateAsync(key, key));
            foreach (var key in keys)
                Assert.Equal(key, await play.CreateAsync(key, "other"));
        }),
        new("Without a key the factory answers, and nothing is cached", async play =>
        {
            Assert.Equal("a", await play.CreateAsync(string.Empty, "a"));
            Assert.Equal("b", await play.CreateAsync(string.Empty, "b"));
        }),
        new("A key of 10 000 characters is answered", async play =>
            Assert.Equal("a", await play.CreateAsync(new string('k', 10_000), "a"))),
        new("A hundred keys are kept apart", async play =>
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(n => play.CreateAsync($"k{n}", n).AsTask()));
            var read = await Task.WhenAll(Enumerable.Range(0, 100).Select(n => play.CreateAsync($"k{n}", -1).AsTask()));
            Assert.Equal(Enumerable.Range(0, 100), read);
        }),
    ];
}
