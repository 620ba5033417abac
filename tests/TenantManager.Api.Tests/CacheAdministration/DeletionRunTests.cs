using System.Globalization;
using Cache.Core.Administration;
using Cache.Core.Coherence;
using Cache.Core.Valkey;
using TenantManager.Api.CacheAdministration;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests.CacheAdministration;

/// <summary>D8: a deletion's pace and its end, in time that moves only when a test says so.</summary>
public sealed class DeletionRunTests : IAsyncDisposable
{
    private const int Keys = 200;
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryCacheClient _client;
    private readonly DeletionStore _store;
    private readonly CancellationTokenSource _stop = new();
    private readonly DeletionRun _run;
    private Task _running = Task.CompletedTask;

    public DeletionRunTests()
    {
        _client = new InMemoryCacheClient(_time);
        _store = new DeletionStore(_client);
        var state = new DeletionState { Id = DeletionStore.NewId(), Pattern = "k:*", KeysPerSecond = 50, StartedAt = _time.GetUtcNow() };
        _run = new DeletionRun(_store, new PatternDeletion(_client, NoCoherence.Instance, state.Pattern), state, _time);
    }

    [Fact]
    public async Task D8_Deletion_TakesNoMoreThanItsRate_AndShowsHowFarItIs()
    {
        await BeginAsync();
        var began = _time.GetTimestamp();
        var seen = new List<long>();
        while (!_running.IsCompleted)
        {
            await Eventually.HoldsAsync("a pause or the end", () => _running.IsCompleted || _time.PendingTimers > 0);
            if (_running.IsCompleted)
                break;
            var state = (await _store.FindAsync(_run.State.Id, CancellationToken.None))!;
            Assert.Equal(DeletionStatus.Running, state.Status);
            seen.Add(state.Deleted);

            // 50 a second, give or take a fifth; one step of ten is ahead of its pause.
            Assert.InRange(state.Deleted, 0, (_time.GetElapsedTime(began).TotalSeconds * 50 / 0.8) + 10);
            _time.Advance(TimeSpan.FromMilliseconds(50));
        }

        await _running;
        Assert.InRange(_time.GetElapsedTime(began).TotalSeconds, 3, 6);
        Assert.InRange(seen.Distinct().Count(), 15, 25);
        Assert.Equal(seen.Order(), seen);
        Assert.Equal((DeletionStatus.Done, Keys), (_run.State.Status, (int)_run.State.Deleted));
        Assert.Equal(1, await CountAsync());
        Assert.Equal(_run.State, await _store.FindAsync(_run.State.Id, CancellationToken.None));
    }

    [Fact]
    public async Task B8_Deletion_CancelledHalfWay_DeletesNoMore()
    {
        await BeginAsync();
        while (_run.State.Deleted < Keys / 2)
            await NextAsync();

        await _store.CancelAsync(_run.State.Id, CancellationToken.None);
        while (!_running.IsCompleted)
            await NextAsync();

        Assert.Equal(DeletionStatus.Cancelled, _run.State.Status);
        Assert.InRange(_run.State.Deleted, Keys / 2, (Keys / 2) + 20);
        Assert.Equal(1 + Keys - _run.State.Deleted, await CountAsync());
        Assert.Equal(DeletionStatus.Cancelled, (await _store.FindAsync(_run.State.Id, CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task Deletion_WhoseInstanceStops_SaysSo()
    {
        await BeginAsync();
        await NextAsync();

        await _stop.CancelAsync();
        await _running;

        Assert.Equal(DeletionStatus.Stopped, (await _store.FindAsync(_run.State.Id, CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task Deletion_WhoseInstanceIsSilent_IsLost()
    {
        var state = _run.State;
        await _store.SaveAsync(state, CancellationToken.None);
        Assert.Equal(DeletionStatus.Running, (await _store.FindAsync(state.Id, CancellationToken.None))!.Status);

        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(DeletionStatus.Lost, (await _store.FindAsync(state.Id, CancellationToken.None))!.Status);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Null(await _store.FindAsync(state.Id, CancellationToken.None));
    }

    [Fact]
    public async Task Deletion_WhileValkeyIsAwayForAMoment_GoesOn()
    {
        await BeginAsync();
        await NextAsync();
        _client.IsUnavailable = true;
        for (var n = 0; n < 100; n++)
            await NextAsync();
        _client.IsUnavailable = false;
        while (!_running.IsCompleted)
            await NextAsync();

        Assert.Equal((DeletionStatus.Done, 1), (_run.State.Status, await CountAsync()));
    }

    [Fact]
    public async Task Deletion_WhileValkeyStaysAway_FailsAndSaysWhatToDo()
    {
        await BeginAsync();
        await NextAsync();
        _client.IsUnavailable = true;
        while (_run.State.Status == DeletionStatus.Running)
            await NextAsync();

        // Its last word is not heard either: whoever asks later finds it lost.
        await _running;
        Assert.Equal(DeletionStatus.Failed, _run.State.Status);
        Assert.Contains("Repeat the deletion", _run.State.Reason, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(60)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        await _client.DisposeAsync();
    }

    private async Task BeginAsync()
    {
        for (var n = 0; n < Keys; n++)
            await _client.SetAsync(string.Create(CultureInfo.InvariantCulture, $"k:{n}"), "v"u8.ToArray(), TimeSpan.FromHours(1));
        await _client.SetAsync("other", "v"u8.ToArray(), TimeSpan.FromHours(1));
        await _store.SaveAsync(_run.State, CancellationToken.None);
        _running = Task.Run(() => _run.RunAsync(_stop.Token));
    }

    private async Task NextAsync()
    {
        await Eventually.HoldsAsync("a pause or the end", () => _running.IsCompleted || _time.PendingTimers > 0);
        _time.Advance(TimeSpan.FromMilliseconds(250));
    }

    private async Task<int> CountAsync()
    {
        var count = 0;
        await foreach (var key in _client.ScanAsync("*"))
            count += key.StartsWith(DeletionStore.Prefix, StringComparison.Ordinal) ? 0 : 1;
        return count;
    }
}
