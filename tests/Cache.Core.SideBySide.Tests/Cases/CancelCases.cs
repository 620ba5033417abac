using Cache.Core.SideBySide.Tests.Stage;
using Cache.Core.SideBySide.Tests.Table;
using TenantPlatform.TestKit;

namespace Cache.Core.SideBySide.Tests.Cases;

/// <summary>Tokens that are cancelled before the call or while it waits.</summary>
internal static class CancelCases
{
    private static readonly CancellationToken Cancelled = new(canceled: true);

    public static IReadOnlyList<Case> All { get; } =
    [
        new("A token that is cancelled before a miss: the factory does not run", async play =>
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => play.CreateAsync("k", "a", stop: Cancelled).AsTask());
            Assert.Equal(0, play.Created);
        }),
        new("A token that is cancelled before a hit: nothing is answered", async play =>
        {
            await play.CreateAsync("k", "a");
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await play.CreateAsync("k", "a", stop: Cancelled));
        }),
        new("A token that is cancelled before SetAsync: nothing is set", async play =>
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await play.Cache.SetAsync("k", "set", cancellationToken: Cancelled));
            Assert.Equal("made", await play.CreateAsync("k", "made"));
        }),
        new("A token that is cancelled before RemoveAsync: nothing is removed", async play =>
        {
            await play.CreateAsync("k", "a");
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await play.Cache.RemoveAsync("k", Cancelled));
            Assert.Equal("a", await play.CreateAsync("k", "b"));
        }),
        new("A token that is cancelled before RemoveByTagAsync: nothing is removed", async play =>
        {
            await play.CreateAsync("k", "a", tags: ["red"]);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await play.Cache.RemoveByTagAsync("red", Cancelled));
            Assert.Equal("a", await play.CreateAsync("k", "b", tags: ["red"]));
        }),
        new("Who cancels while waiting leaves, and the others are answered", async play =>
        {
            var gate = new Gate();
            using var impatience = new CancellationTokenSource();
            var impatient = play.Cache.GetOrCreateAsync("k", Held(play, gate), cancellationToken: impatience.Token).AsTask();
            await gate.ReachedAsync();
            var patient = play.Cache.GetOrCreateAsync("k", Held(play, gate)).AsTask();
            await impatience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
            gate.Open();
            Assert.Equal("a", await patient);
            Assert.Equal(1, play.Created);
        }),
        new("When the last caller has left, the factory is told to stop", async play =>
        {
            var (gate, told) = (new Gate(), new TaskCompletionSource());
            using var impatience = new CancellationTokenSource();
            var impatient = play.Cache.GetOrCreateAsync("k", async stop =>
            {
                stop.Register(() => told.TrySetResult());
                await gate.PassAsync(stop);
                return "a";
            }, cancellationToken: impatience.Token).AsTask();
            await gate.ReachedAsync();
            await impatience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
            await told.Task;
        }),
        new("Who cancels is gone at once, even if the factory does not listen", async play =>
        {
            var gate = new Gate();
            using var impatience = new CancellationTokenSource();
            var impatient = play.Cache.GetOrCreateAsync("k", async _ =>
            {
                await gate.PassAsync(CancellationToken.None);
                return "a";
            }, cancellationToken: impatience.Token).AsTask();
            await gate.ReachedAsync();
            await impatience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
            gate.Open();
        }),
    ];

    private static Func<CancellationToken, ValueTask<string>> Held(Play play, Gate gate) => async stop =>
    {
        play.Made(0);
        await gate.PassAsync(stop);
        return "a";
    };
}
