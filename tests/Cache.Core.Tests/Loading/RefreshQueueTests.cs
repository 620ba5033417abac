using Cache.Core.Diagnostics;
using Cache.Core.Loading;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Loading;

/// <summary>Background refreshes: so many at a time, one per key, and none after the end.</summary>
public sealed class RefreshQueueTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Refreshes_BeyondThoseThatMayRunAtATime_Wait()
    {
        var queue = new RefreshQueue(capacity: 10, concurrency: 2, CacheMetrics.Shared);
        Gate[] gates = [new(), new(), new()];
        for (var n = 0; n < gates.Length; n++)
            Assert.True(queue.TryAdd($"k{n}", gates[n], static (gate, stop) => gate.PassAsync(stop)));
        await Task.WhenAll(gates[0].ReachedAsync(), gates[1].ReachedAsync());
        Assert.Equal(3, queue.Count);
        var third = gates[2].ReachedAsync();
        Assert.False(third.IsCompleted);

        gates[1].Open();

        await third;
        gates[0].Open();
        gates[2].Open();
        await Eventually.HoldsAsync("the queue is empty", () => queue.Count == 0);
    }

    [Fact]
    public async Task Refreshes_OneAfterAnother_AllRun_AlsoWhenOneFails()
    {
        var queue = new RefreshQueue(capacity: 100, concurrency: 1, CacheMetrics.Shared);
        var gate = new Gate();
        var ran = new List<int>();
        queue.TryAdd("first", gate, static (held, stop) => held.PassAsync(stop));
        for (var n = 0; n < 20; n++)
        {
            Assert.True(queue.TryAdd($"k{n}", (Ran: ran, Number: n), static (call, _) =>
            {
                call.Ran.Add(call.Number);
                return call.Number % 2 == 0 ? Task.CompletedTask : throw new InvalidOperationException();
            }));
        }

        gate.Open();
        await Eventually.HoldsAsync("the queue is empty", () => queue.Count == 0);

        Assert.Equal(Enumerable.Range(0, 20), ran);
    }

    [Fact]
    public async Task Refresh_IsNobodysSource()
    {
        var queue = new RefreshQueue(capacity: 10, concurrency: 1, CacheMetrics.Shared);
        var seen = new TaskCompletionSource<Asking?>();
        using (new Asking(queue, "k", keepsNothing: false).Begin())
        {
            queue.TryAdd("k", seen, static (told, _) =>
            {
                told.SetResult(Asking.Current);
                return Task.CompletedTask;
            });
            Assert.Null(await seen.Task.WaitAsync(Limit));
        }
    }

    [Fact]
    public async Task Stop_WhileNothingRuns_EndsAtOnce_AndTakesNothingMore()
    {
        var queue = new RefreshQueue(capacity: 10, concurrency: 1, CacheMetrics.Shared);

        await queue.StopAsync().WaitAsync(Limit);

        Assert.False(queue.TryAdd("k", 0, static (_, _) => Task.CompletedTask));
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public async Task Stop_CancelsWhatRuns_DropsWhatWaits_AndEndsWhenNothingRunsAnyMore()
    {
        var queue = new RefreshQueue(capacity: 10, concurrency: 1, CacheMetrics.Shared);
        var (running, ending) = (new Gate(), new Gate());
        var hasRun = false;
        queue.TryAdd("running", 0, async (_, stop) =>
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.PassAsync(stop));
            await ending.PassAsync(CancellationToken.None);
        });
        queue.TryAdd("waiting", 0, (_, _) =>
        {
            hasRun = true;
            return Task.CompletedTask;
        });
        await running.ReachedAsync();

        var stopping = queue.StopAsync();

        await ending.ReachedAsync();
        Assert.False(stopping.IsCompleted);
        ending.Open();
        await stopping.WaitAsync(Limit);
        Assert.Equal(0, queue.Count);
        Assert.False(hasRun);
    }
}
