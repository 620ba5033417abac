using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey;

/// <summary>What a subscription does with more than its handler can take.</summary>
public sealed class ValkeySubscriptionTests
{
    [Fact]
    public async Task HandlerTooFarBehind_LosesMessages_AndIsToldOnceItHasCaughtUp()
    {
        const int lost = 3;
        var logs = new LogCollector();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (handled, told) = (0, 0);
        var toldAt = 0;
        await using var subscription = new ValkeySubscription(
            async _ =>
            {
                await gate.Task;
                Interlocked.Increment(ref handled);
            },
            () =>
            {
                toldAt = Volatile.Read(ref handled);
                Interlocked.Increment(ref told);
            },
            logs.CreateLogger<ValkeySubscriptionTests>());

        // One is with the handler, the rest wait.
        for (var n = 0; n < 1 + ValkeySubscription.Capacity + lost; n++)
            subscription.Receive([]);
        Assert.Equal(0, told);
        Assert.Single(logs.Lines, line => line.Message.Contains("behind", StringComparison.Ordinal));

        gate.SetResult();
        await Eventually.HoldsAsync("it is told", () => Volatile.Read(ref told) == 1);
        Assert.Equal(1 + ValkeySubscription.Capacity, toldAt);

        subscription.Receive([]);
        await Eventually.HoldsAsync("the next message", () => Volatile.Read(ref handled) == 2 + ValkeySubscription.Capacity);
        Assert.Equal(1, told);
    }
}
