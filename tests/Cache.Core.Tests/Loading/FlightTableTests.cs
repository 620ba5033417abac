using Cache.Core.Loading;
using Cache.Core.Tests.Memory;
using Cache.Core.Tiered;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Loading;

/// <summary>OneFetch in one process: which calls share a load, and which must not.</summary>
public sealed class FlightTableTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);
    private readonly Tiers _tiers = new();
    private readonly FlightTable _flights = new(Lease);
    private int _joined;

    [Theory]
    [InlineData(CacheSteps.None)]
    [InlineData(CacheSteps.ReadL2)]
    public async Task OneFetch_CallersOfAKeyAndItsSteps_ShareOneLoad_AndTheNextOneIsAnother(CacheSteps skip)
    {
        var (first, second) = (new Loads(), new Loads());
        var leader = JoinAsync("k", skip, first);
        var follower = JoinAsync("k", skip, second);
        Assert.Equal((1, 0, 1), (first.Begun, second.Begun, _joined));
        first.Land("value");
        Assert.Equal("value", (await leader).Value);
        Assert.Equal("value", (await follower).Value);

        var next = JoinAsync("k", skip, second);

        Assert.Equal((1, 1), (second.Begun, _joined));
        second.Land("next");
        Assert.Equal("next", (await next).Value);
    }

    [Fact]
    public async Task OneFetch_OtherKeysAndOtherSteps_DoNotShare()
    {
        var loads = new Loads();
        Task<CacheLookup<string>>[] flying =
        [
            JoinAsync("k", CacheSteps.None, loads),
            JoinAsync("k", CacheSteps.ReadL2, loads),
            JoinAsync("k", CacheSteps.FillL2, loads),
            JoinAsync("other", CacheSteps.None, loads),
            JoinAsync("other", CacheSteps.ReadL2, loads),
        ];

        Assert.Equal((flying.Length, 0), (loads.Begun, _joined));
        loads.Land("value");
        await Task.WhenAll(flying);
    }

    [Theory]
    [InlineData(CacheSteps.None)]
    [InlineData(CacheSteps.ReadL2)]
    public async Task FailedLoad_FailsAllItsCallers_AndTheNextOneIsAnother(CacheSteps skip)
    {
        var (first, second) = (new Loads(), new Loads());
        using var mayLeave = new CancellationTokenSource();
        var leader = JoinAsync("k", skip, first, mayLeave.Token);
        var follower = JoinAsync("k", skip, first);
        first.Crash(new HttpRequestException("away"));
        await Assert.ThrowsAsync<HttpRequestException>(() => leader);
        await Assert.ThrowsAsync<HttpRequestException>(() => follower);

        var next = JoinAsync("k", skip, second);

        Assert.Equal(1, second.Begun);
        second.Land("value");
        Assert.Equal("value", (await next).Value);
    }

    [Fact]
    public async Task LoadThatNeedsNoWait_IsAnsweredAtOnce_ItsFailureToo()
    {
        var loads = new Loads();
        loads.Land("value");
        var answered = JoinAsync("k", CacheSteps.None, loads);
        Assert.True(answered.IsCompletedSuccessfully);
        Assert.Equal("value", (await answered).Value);

        var failing = new Loads();
        failing.Crash(new HttpRequestException("away"));
        var failed = JoinAsync("k", CacheSteps.None, failing);
        Assert.True(failed.IsFaulted);
        await Assert.ThrowsAsync<HttpRequestException>(() => failed);
    }

    [Theory]
    [InlineData(CacheSteps.None)]
    [InlineData(CacheSteps.ReadL2)]
    public async Task NoResurrection_AfterDetach_TheNextCallerLoadsAnew_AndTheOldLandingTakesNothingAway(CacheSteps skip)
    {
        var (old, present) = (new Loads(), new Loads());
        var before = JoinAsync("k", skip, old);
        var other = JoinAsync("other", skip, old);
        _flights.Detach("k");
        var after = JoinAsync("k", skip, present);
        Assert.Equal((2, 1, 0), (old.Begun, present.Begun, _joined));
        Assert.False(before.IsCompleted);

        old.Land("old");
        Assert.Equal("old", (await before).Value);
        await other;
        var joined = JoinAsync("k", skip, old);

        Assert.Equal((2, 1), (old.Begun, _joined));
        present.Land("new");
        Assert.Equal(("new", "new"), ((await after).Value, (await joined).Value));
    }

    [Fact]
    public async Task Detach_OfAnotherKey_LeavesTheFlights()
    {
        var loads = new Loads();
        var whole = JoinAsync("k", CacheSteps.None, loads);
        var partial = JoinAsync("k", CacheSteps.ReadL2, loads);

        _flights.Detach("other");

        var joined = new[] { JoinAsync("k", CacheSteps.None, loads), JoinAsync("k", CacheSteps.ReadL2, loads) };
        Assert.Equal((2, 2), (loads.Begun, _joined));
        loads.Land("value");
        await Task.WhenAll([whole, partial, .. joined]);
    }

    [Theory]
    [InlineData(CacheSteps.None)]
    [InlineData(CacheSteps.ReadL2)]
    public async Task NoResurrection_FlightThatSomethingHasOvertaken_IsNotJoined(CacheSteps skip)
    {
        var (old, present) = (new Loads(), new Loads());
        var before = JoinAsync("k", skip, old);
        _tiers.Tier.MarkUnproven("k");

        var after = JoinAsync("k", skip, present);
        var joined = JoinAsync("k", skip, present);

        Assert.Equal((1, 1), (present.Begun, _joined));
        old.Land("old");
        present.Land("new");
        Assert.Equal("old", (await before).Value);
        Assert.Equal(("new", "new"), ((await after).Value, (await joined).Value));
    }

    [Fact]
    public async Task FlightOfAnotherType_IsNotJoined()
    {
        var loads = new Loads();
        var text = JoinAsync("k", CacheSteps.None, loads);

        var number = _flights.JoinAsync(
            "k", CacheSteps.None, _tiers.Tier, 7, static (state, _, _) => Task.FromResult(new CacheLookup<int>(FetchResult<int>.Found(state), CacheSource.Fetch)), () => _joined++, default);

        Assert.Equal((7, 0), ((await number).Value, _joined));
        loads.Land("value");
        await text;
    }

    [Fact]
    public async Task Leader_WhoLeaves_LeavesTheLoadToTheOthers()
    {
        var loads = new Loads();
        using var impatience = new CancellationTokenSource();
        var leader = JoinAsync("k", CacheSteps.None, loads, impatience.Token);
        var follower = JoinAsync("k", CacheSteps.None, loads);

        await impatience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);
        Assert.False(loads.Stop.IsCancellationRequested);
        loads.Land("value");
        Assert.Equal("value", (await follower).Value);
    }

    [Fact]
    public async Task LastCaller_WhoLeaves_StopsTheLoad_AndNobodyJoinsItAnyMore()
    {
        var (first, second) = (new Loads(), new Loads());
        using var impatience = new CancellationTokenSource();
        var leader = JoinAsync("k", CacheSteps.None, first, impatience.Token);
        var follower = JoinAsync("k", CacheSteps.None, first, impatience.Token);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => follower);
        await Eventually.HoldsAsync("the load is stopped", () => first.Stop.IsCancellationRequested);

        var next = JoinAsync("k", CacheSteps.None, second);

        Assert.Equal((1, 1), (second.Begun, _joined));
        second.Land("value");
        Assert.Equal("value", (await next).Value);
    }

    [Fact]
    public async Task Caller_WhoLeavesAfterTheLanding_StopsNothing()
    {
        var loads = new Loads();
        using var mayLeave = new CancellationTokenSource();
        var leader = JoinAsync("k", CacheSteps.None, loads, mayLeave.Token);
        loads.Land("value");

        Assert.Equal("value", (await leader).Value);

        Assert.False(loads.Stop.IsCancellationRequested);
    }

    [Fact]
    public async Task WhoFliesAlone_SharesWithNobody()
    {
        var (alone, shared) = (new Loads(), new Loads());
        var flying = new[] { AloneAsync("k", alone), AloneAsync("k", alone), JoinAsync("k", CacheSteps.None, shared) };
        Assert.Equal((2, 1, 0), (alone.Begun, shared.Begun, _joined));

        alone.Land("alone");
        shared.Land("shared");

        Assert.Equal(["alone", "alone", "shared"], (await Task.WhenAll(flying)).Select(lookup => lookup.Value));
    }

    [Fact]
    public async Task Source_ThatWaitsForALoad_WaitsNoLongerWhenThatHasLanded()
    {
        var (inner, again) = (new Loads(), new Loads());
        using var source = new Asking(new object(), "outer", keepsNothing: false).Begin();
        var leader = JoinAsync("inner", CacheSteps.None, inner);
        var follower = JoinAsync("inner", CacheSteps.None, inner);
        var alone = AloneAsync("alone", inner);
        inner.Land("value");
        await Task.WhenAll(leader, follower, alone);

        // What has landed may be asked for by what that source has started, and the source may wait for that in its turn.
        using var mayLeave = new CancellationTokenSource();
        var next = JoinAsync("inner", CacheSteps.None, again, mayLeave.Token);
        again.Land("again");
        Assert.Equal("again", (await next).Value);
        var outer = Asking.Current!;
        using var innerRuns = again.Asking!.Begin();
        using var wait = outer.Await();
        Assert.True(wait.IsNoted);
    }

    [Fact]
    public async Task Source_ThatIsAnsweredAtOnce_WaitsForNothing()
    {
        var inner = new Loads();
        inner.Land("value");
        using var source = new Asking(new object(), "outer", keepsNothing: false).Begin();
        var outer = Asking.Current!;
        Assert.True(JoinAsync("inner", CacheSteps.None, inner).IsCompletedSuccessfully);
        Assert.Equal("value", (await AloneAsync("alone", inner)).Value);

        using var innerRuns = inner.Asking!.Begin();
        using var wait = outer.Await();
        Assert.True(wait.IsNoted);
    }

    [Fact]
    public void WhoFliesAlone_AndAsksForItsKeyAgainTheSameWay_IsTold()
    {
        var loads = new Loads();
        _ = AloneAsync("k", loads);
        using var runs = loads.Asking!.Begin();

        Assert.Throws<InvalidOperationException>(() => { _ = AloneAsync("k", loads); });
        _ = AloneAsync("other", loads);
        _ = JoinAsync("k", CacheSteps.None, loads);
    }

    private Task<CacheLookup<string>> JoinAsync(string key, CacheSteps skip, Loads loads, CancellationToken cancellationToken = default) =>
        _flights.JoinAsync(key, skip, _tiers.Tier, loads, static (loads, asking, stop) => loads.LoadAsync(asking, stop), () => _joined++, cancellationToken);

    private Task<CacheLookup<string>> AloneAsync(string key, Loads loads) =>
        _flights.FlyAloneAsync(key, loads, static (loads, asking, stop) => loads.LoadAsync(asking, stop), default);

    /// <summary>Loads that all land when the test says so.</summary>
    private sealed class Loads
    {
        private readonly TaskCompletionSource<CacheLookup<string>> _landed = new();

        public int Begun { get; private set; }

        public CancellationToken Stop { get; private set; }

        public Asking? Asking { get; private set; }

        public void Land(string value) => _landed.SetResult(new CacheLookup<string>(FetchResult<string>.Found(value), CacheSource.Fetch));

        public void Crash(Exception exception) => _landed.SetException(exception);

        public Task<CacheLookup<string>> LoadAsync(Asking asking, CancellationToken stop)
        {
            Begun++;
            (Asking, Stop) = (asking, stop);
            return _landed.Task;
        }
    }
}
