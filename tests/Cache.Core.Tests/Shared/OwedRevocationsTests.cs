using Cache.Core.Coherence;
using Cache.Core.Diagnostics;
using Cache.Core.Fencing;
using Cache.Core.Shared;
using Cache.Core.Valkey;
using Microsoft.Extensions.Logging.Abstractions;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Shared;

/// <summary>
/// What a process owes to L2 after it was away (RevocationWins): bounded, however many keys have changed meanwhile (F17), and done
/// for every key all the same.
/// </summary>
public sealed class OwedRevocationsTests : IAsyncDisposable
{
    private const int Most = 100;
    private static readonly TimeSpan FenceLife = TimeSpan.FromMinutes(2);
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryCacheClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly OwedRevocations _owed;

    public OwedRevocationsTests()
    {
        _client = new InMemoryCacheClient(_time);
        var calls = new SharedCalls(_time, CacheMetrics.Shared, NullLogger.Instance);
        _owed = new OwedRevocations(_client, "t:", calls, NoCoherence.Instance, _time, Most, _stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task FewChanges_AreOwedOneByOne_AndOtherKeysAreReadMeanwhile()
    {
        await OutageOfAsync(Most);

        Assert.Equal(Most, _owed.Count);
        Assert.False(_owed.IsOfEverything);
        Assert.True(await _owed.PayAsync("t:another", default));
        Assert.False(await _owed.PayAsync("t:k0", default));
    }

    [Fact]
    public async Task MoreChangesThanAreRemembered_OweEveryKey()
    {
        await OutageOfAsync(3 * Most);

        Assert.InRange(_owed.Count, 0, Most);
        Assert.True(_owed.IsOfEverything);
        Assert.False(await _owed.PayAsync("t:another", default));
    }

    [Fact]
    public async Task OwedEverything_IsDoneForWhatIsStored_AndThenL2IsReadAgain()
    {
        string[] stored = ["t:k0", "t:k1", "t:untouched", "t:~tag~red", "other:k", "tx"];
        foreach (var key in stored)
            await _client.SetAsync(key, "v"u8.ToArray(), TimeSpan.FromHours(1));
        await OutageOfAsync(3 * Most);
        _client.IsUnavailable = false;

        await HoldsSoonAsync("it is done", () => !_owed.IsOfEverything && _owed.Count == 0);

        Assert.Equal(0, await _client.ExistsAsync(["t:k0", "t:k1", "t:untouched"]));
        Assert.Equal(3, await _client.ExistsAsync(["t:~tag~red", "other:k", "tx"]));
        Assert.True(await _owed.PayAsync("t:another", default));
    }

    [Fact]
    public async Task NoResurrection_OwedEverything_OvertakesFetchesOfKeysWithoutAValue()
    {
        var note = await _client.Fence.NoteAsync("t:k0", FenceLife);
        await OutageOfAsync(3 * Most);
        _client.IsUnavailable = false;

        await HoldsSoonAsync("it is done", () => !_owed.IsOfEverything && _owed.Count == 0);

        var late = await _client.Fence.StoreAsync("t:k0", "old"u8.ToArray(), new FencedWrite(note.Generation!, Revision: null, TimeSpan.FromHours(1), FenceLife));
        Assert.Equal(FenceOutcome.Overtaken, late);
    }

    [Fact]
    public async Task Denials_AreOwedOneByOne_HoweverManyInvalidationsThereAre()
    {
        _client.IsUnavailable = true;
        await _owed.RevokeAsync("t:denied", new Revocation("suspended", Revision: 7, IsDenial: true, TimeSpan.FromDays(1)), default);
        await OutageOfAsync(3 * Most);
        _client.IsUnavailable = false;

        await HoldsSoonAsync("all is done", () => !_owed.IsOfEverything && _owed.Count == 0);

        Assert.Equal("suspended", (await _client.Fence.ReadAsync("t:denied", FenceLife, owner: null, lease: default)).Denial);
    }

    [Fact]
    public async Task L2GoesAwayDuringTheSweep_ItIsBegunAgain()
    {
        for (var n = 0; n < Most; n++)
            await _client.SetAsync($"t:k{n}", "v"u8.ToArray(), TimeSpan.FromHours(1));
        await OutageOfAsync(3 * Most);
        var failures = 0;
        _client.BeforeCall = (command, _) => command == "DEL" && failures++ == 0 ? throw new CacheUnavailableException("away again") : ValueTask.CompletedTask;
        _client.IsUnavailable = false;

        await HoldsSoonAsync("all is done", () => !_owed.IsOfEverything && _owed.Count == 0);

        Assert.True(failures > 1);
        Assert.Equal(0, await _client.ExistsAsync([.. Enumerable.Range(0, Most).Select(n => $"t:k{n}")]));
    }

    /// <summary>So many keys change while L2 is away.</summary>
    private async Task OutageOfAsync(int keys)
    {
        _client.IsUnavailable = true;
        for (var n = 0; n < keys; n++)
            Assert.Null(await _owed.RevokeAsync($"t:k{n}", new Revocation(Status: null, Revision: null, IsDenial: false, FenceLife), default));
    }

    private Task HoldsSoonAsync(string what, Func<bool> condition) => Eventually.HoldsAsync(what, () =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(500));
        return condition();
    });
}
