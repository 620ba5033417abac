using Cache.Core.SideBySide.Tests.Stage;
using Cache.Core.SideBySide.Tests.Table;
using Microsoft.Extensions.Caching.Hybrid;
using TenantPlatform.TestKit;

namespace Cache.Core.SideBySide.Tests.Cases;

/// <summary>Several callers at the same time, and factories that ask the cache themselves.</summary>
internal static class CallerCases
{
    private static readonly HybridCacheEntryOptions NothingKept =
        new() { Flags = HybridCacheEntryFlags.DisableLocalCacheWrite | HybridCacheEntryFlags.DisableDistributedCacheWrite };

    public static IReadOnlyList<Case> All { get; } =
    [
        new("A hundred callers at the same time share one factory", async play =>
        {
            var gate = new Gate();
            var callers = Enumerable.Range(0, 100).Select(_ => play.Cache.GetOrCreateAsync("k", Held(play, gate, "a")).AsTask()).ToArray();
            await gate.ReachedAsync();
            gate.Open();
            Assert.All(await Task.WhenAll(callers), value => Assert.Equal("a", value));
            Assert.Equal(1, play.Created);
        }),
        new("Factories of different keys run at the same time", async play =>
        {
            var (a, b) = (new Gate(), new Gate());
            var first = play.Cache.GetOrCreateAsync("a", Held(play, a, "a")).AsTask();
            var second = play.Cache.GetOrCreateAsync("b", Held(play, b, "b")).AsTask();
            await a.ReachedAsync();
            await b.ReachedAsync();
            a.Open();
            b.Open();
            Assert.Equal(["a", "b"], await Task.WhenAll(first, second));
        }),
        new("A factory may ask for another key", async play =>
            Assert.Equal("ba", await play.Cache.GetOrCreateAsync("a", async stop => await play.CreateAsync("b", "b", stop: stop) + "a"))),
        new("A factory that asks for its own key is told so, and does not hang", async play =>
        {
            var asked = play.Cache.GetOrCreateAsync("k", async stop => await play.CreateAsync("k", "b", stop: stop)).AsTask();
            await Assert.ThrowsAsync<InvalidOperationException>(() => asked);
        }),
        new("Two factories that ask for each other's keys are told so, and do not hang", async play =>
        {
            var (a, b) = (new Gate(), new Gate());
            var first = play.Cache.GetOrCreateAsync("a", async stop =>
            {
                await a.PassAsync(stop);
                return await play.CreateAsync("b", "x", stop: stop);
            }).AsTask();
            var second = play.Cache.GetOrCreateAsync("b", async stop =>
            {
                await b.PassAsync(stop);
                return await play.CreateAsync("a", "x", stop: stop);
            }).AsTask();
            await a.ReachedAsync();
            await b.ReachedAsync();
            a.Open();
            b.Open();
            await Assert.ThrowsAsync<InvalidOperationException>(() => first);
            await Assert.ThrowsAsync<InvalidOperationException>(() => second);
        }),
        new("A hundred callers who ask whether a key is there, and keep nothing, are all told that it is not", async play =>
        {
            var gate = new Gate();
            var callers = Enumerable.Range(0, 100).Select(_ => IsThereAsync(play, gate)).ToArray();
            await gate.ReachedAsync();
            gate.Open();
            Assert.All(await Task.WhenAll(callers), Assert.False);
        }),
        new("Who asks whether a key is there while its factory runs is told that it is not, and waits for nobody", async play =>
        {
            var gate = new Gate();
            var creating = play.Cache.GetOrCreateAsync("k", Held(play, gate, "a")).AsTask();
            await gate.ReachedAsync();
            Assert.False(await IsThereAsync(play));
            gate.Open();
            await creating;
            Assert.True(await IsThereAsync(play));
        }),
        new("Who wants a value kept does not share one that is not", async play =>
        {
            var gate = new Gate();
            var asking = IsThereAsync(play, gate);
            await gate.ReachedAsync();
            var kept = play.CreateAsync("k", "kept").AsTask();

            // It ends by itself, or it waits for the other one, to share it or to have its own turn.
            await ((Task)kept).WaitAsync(TimeSpan.FromMilliseconds(300)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            gate.Open();
            await asking;
            Assert.Equal("kept", await kept);
            Assert.Equal("kept", await play.CreateAsync("k", "again"));
        }),
    ];

    private static Func<CancellationToken, ValueTask<string>> Held(Play play, Gate gate, string value) => async stop =>
    {
        await gate.PassAsync(stop);
        return play.Made(value);
    };

    private static async Task<bool> IsThereAsync(Play play, Gate? gate = null)
    {
        var isThere = true;
        await play.Cache.GetOrCreateAsync(
            "k",
            async stop =>
            {
                isThere = false;
                if (gate is not null)
                    await gate.PassAsync(stop);
                return string.Empty;
            },
            NothingKept);
        return isThere;
    }
}
