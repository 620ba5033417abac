using Cache.Core.SideBySide.Tests.Stage;
using Cache.Core.SideBySide.Tests.Table;
using Microsoft.Extensions.Caching.Hybrid;
using TenantPlatform.TestKit;

namespace Cache.Core.SideBySide.Tests.Cases;

/// <summary>Two processes over one Valkey.</summary>
internal static class SharedTierCases
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);

    public static IReadOnlyList<Case> All { get; } =
    [
        new("Another process finds what one has created", async play =>
        {
            await play.CreateAsync("k", "a");
            await StoredAsync(play, "k", "a");
        }) { Under = Condition.Valkey },
        new("Another process finds null, texts, bytes, tuples and lists as they were", async play =>
        {
            await play.CreateAsync<string?>("null", null);
            await play.CreateAsync("text", "é");
            await play.CreateAsync<byte[]>("bytes", [0, 255]);
            await play.CreateAsync("tuple", ("a", 1));
            await play.CreateAsync<List<int>>("list", [1, 2]);
            var reader = await play.PodAsync();
            await StoredAsync<string?>(reader, "null", null);
            await StoredAsync(reader, "text", "é");
            await StoredAsync<byte[]>(reader, "bytes", [0, 255]);
            await StoredAsync(reader, "tuple", ("a", 1));
            await StoredAsync<List<int>>(reader, "list", [1, 2]);
        }) { Under = Condition.Valkey },
        new("Another process that reads a number as a text has a miss", async play =>
        {
            await play.CreateAsync("k", 1);
            await StoredAsync(play, "k", 1);
            Assert.Equal("made", await (await play.PodAsync()).GetOrCreateAsync("k", _ => ValueTask.FromResult("made")));
        }) { Under = Condition.Valkey },
        new("Another process that has not read the key yet sees its removal", async play =>
        {
            await play.CreateAsync("k", "old");
            await StoredAsync(play, "k", "old");
            await play.Cache.RemoveAsync("k");
            Assert.Equal("new", await (await play.PodAsync()).GetOrCreateAsync("k", _ => ValueTask.FromResult("new")));
        }) { Under = Condition.Valkey },
        new("Another process that serves the key from memory sees its removal", play => SeenAsync(play, async () => await play.Cache.RemoveAsync("k"), "new")) { Under = Condition.Valkey },
        new("Another process that serves the key from memory sees what is set", play => SeenAsync(play, async () => await play.Cache.SetAsync("k", "set", tags: ["red"]), "set")) { Under = Condition.Valkey },
        new("Another process that serves the key from memory sees the removal of its tag", play => SeenAsync(play, async () => await play.Cache.RemoveByTagAsync("red"), "new")) { Under = Condition.Valkey },
        new("Two processes that ask at the same time share one factory", async play =>
        {
            var other = await play.PodAsync();
            var gate = new Gate();
            var first = play.Cache.GetOrCreateAsync("k", HeldAsync(play, gate)).AsTask();
            await gate.ReachedAsync();
            var second = other.GetOrCreateAsync("k", HeldAsync(play, gate)).AsTask();
            await gate.IsReachedAgainAsync(TimeSpan.FromMilliseconds(200));
            gate.Open();
            await Task.WhenAll(first, second);
            Assert.Equal(1, play.Created);
        }) { Under = Condition.Valkey },
        new("A removal by another process wins against a factory that is running", async play =>
        {
            var other = await play.PodAsync();
            var gate = new Gate();
            var runs = 0;

            // A library may ask once more when it notices: that answer is no old one.
            var old = play.Cache.GetOrCreateAsync("k", async stop =>
            {
                var answer = Interlocked.Increment(ref runs) == 1 ? "old" : "new";
                await gate.PassAsync(stop);
                return answer;
            }).AsTask();
            await gate.ReachedAsync();
            await other.RemoveAsync("k");
            gate.Open();
            await old;
            Assert.Equal("new", await play.CreateAsync("k", "new"));
        }) { Under = Condition.Valkey },
    ];

    /// <summary>Some libraries answer before the second tier has the value: a process of its own reads until it is there.</summary>
    private static async Task StoredAsync<T>(Play play, string key, T expected) => await StoredAsync(await play.PodAsync(), key, expected);

    private static Task StoredAsync<T>(HybridCache reader, string key, T expected) => Eventually.HoldsAsync(
        $"'{key}' in another process",
        async () =>
        {
            var isThere = true;
            var read = await reader.GetOrCreateAsync(
                key,
                _ =>
                {
                    isThere = false;
                    return ValueTask.FromResult(default(T)!);
                },
                new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableLocalCache | HybridCacheEntryFlags.DisableDistributedCacheWrite });
            if (isThere)
                Assert.Equal(expected, read);
            return isThere;
        },
        Soon);

    private static async Task SeenAsync(Play play, Func<Task> change, string expected)
    {
        var other = await play.PodAsync();
        await play.CreateAsync("k", "old", tags: ["red"]);
        await StoredAsync(play, "k", "old");
        Assert.Equal("old", await other.GetOrCreateAsync("k", _ => ValueTask.FromResult("early"), tags: ["red"]));
        await change();
        await Eventually.HoldsAsync("the change", async () => await other.GetOrCreateAsync("k", _ => ValueTask.FromResult("new"), tags: ["red"]) == expected, Soon);
    }

    private static Func<CancellationToken, ValueTask<string>> HeldAsync(Play play, Gate gate) => async stop =>
    {
        play.Made(0);
        await gate.PassAsync(stop);
        return "a";
    };
}
