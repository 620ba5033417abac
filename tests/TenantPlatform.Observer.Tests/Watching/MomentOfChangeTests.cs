using TenantPlatform.Observer.Reporting;
using TenantPlatform.TestKit;

namespace TenantPlatform.Observer.Tests.Watching;

/// <summary>F10: what is stale for less than a sweep is seen, because the change feed tells of a change at once, and its length is bounded.</summary>
public sealed class MomentOfChangeTests : IAsyncLifetime
{
    private const string Tenant = "acme";
    private static readonly TimeSpan FirstGap = TimeSpan.FromMilliseconds(5);

    /// <summary>The fake feed does not wait for a change, so it is asked so often.</summary>
    private static readonly TimeSpan FeedRest = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedPods _pods = new();
    private FakeTenantManager _manager = null!;
    private ObserverHost _observer = null!;

    public async Task InitializeAsync()
    {
        _manager = await FakeTenantManager.CreateAsync();
        _manager.Feed = new FakeFeed();
        _manager.Feed.Tell(Tenant, 1);
        _manager.SetTenants((Tenant, 1));
        _pods.Answer("one", Tenant, "l1", "found", 1);
        _pods.Answer("two", Tenant, "l1", "found", 2);
        _observer = await ObserverHost.StartAsync(
            _manager, ["http://one", "http://two"], _time, _pods, interval: "3600", configure: options => options.FirstGap = FirstGap);
        await _observer.SweptAsync(1);
        await RestsAsync();
    }

    public async Task DisposeAsync()
    {
        await _observer.DisposeAsync();
        await _manager.DisposeAsync();
        _pods.Dispose();
    }

    [Fact]
    public async Task StaleForMilliseconds_IsSeen_WithAnUpperAndALowerBound()
    {
        _manager.Feed!.Tell(Tenant, 2);
        _time.Advance(FeedRest);
        await _observer.HoldsAsync("one is stale", summary => summary.Stale.Pods.Now == 1);
        await TimingAsync(FirstGap);
        _time.Advance(FirstGap);
        await _observer.HoldsAsync("asked again", summary => summary.Answers["one"]["outdated"] == 2);

        // The gaps grow.
        await TimingAsync(FirstGap * 2);
        _pods.Answer("one", Tenant, "l2", "found", 2);
        _time.Advance(FirstGap * 2);

        await _observer.HoldsAsync("one agrees", summary => summary.Stale.Pods is { Now: 0, Times: 1 });
        Assert.Equal(new Spread(0.005, 0.005, 0.005), _observer.Summary.Stale.Pods.AtLeast);
        Assert.Equal(new Spread(0.015, 0.015, 0.015), _observer.Summary.Stale.Pods.AtMost);
        Assert.Equal((1, "following"), (_observer.Summary.Sweeps, _observer.Summary.Feed));

        // What is true was told with the change: nobody had to be asked before the pods.
        Assert.Equal(0, _manager.ConnectionCalls(Tenant, "ledger"));
    }

    /// <summary>A stale answer says that the pod was stale when it was asked; a fresh one, that it was not when its answer came.</summary>
    [Fact]
    public async Task Bounds_AreTheTimesOfTheQuestions_HoweverLongTheyTake()
    {
        var first = _pods.Hold("one");
        _manager.Feed!.Tell(Tenant, 2);
        _time.Advance(FeedRest);
        await first.ReachedAsync();
        _time.Advance(TimeSpan.FromMilliseconds(3));
        var second = _pods.Hold("one");
        first.Open();
        await _observer.HoldsAsync("one is stale", summary => summary.Stale.Pods.Now == 1);
        await TimingAsync(FirstGap);
        _time.Advance(FirstGap);
        await second.ReachedAsync();
        _time.Advance(TimeSpan.FromMilliseconds(2));
        _pods.Answer("one", Tenant, "l1", "found", 2);
        second.Open();

        await _observer.HoldsAsync("one agrees", summary => summary.Stale.Pods.Times == 1);
        Assert.Equal((0, 0.010), (_observer.Summary.Stale.Pods.AtLeast.Worst, _observer.Summary.Stale.Pods.AtMost.Worst));
    }

    [Fact]
    public async Task Suspension_ToldByTheFeed_IsKnownWithoutAsking()
    {
        _pods.Answer("two", Tenant, "l1", "denied", 2);
        _manager.Feed!.Tell(Tenant, 2, "suspended");
        _time.Advance(FeedRest);

        await _observer.HoldsAsync("one is stale", summary => summary.Answers.GetValueOrDefault("one")?.GetValueOrDefault("revoked") == 1);
        await _observer.HoldsAsync("two agrees", summary => summary.Answers.GetValueOrDefault("two")?.GetValueOrDefault("fresh") == 1);
        Assert.Equal(0, _manager.ConnectionCalls(Tenant, "ledger"));
    }

    [Fact]
    public async Task FeedThatFailed_GoesOnFromWhereItWas()
    {
        _manager.Feed!.Override = FakeAnswer.Error(System.Net.HttpStatusCode.InternalServerError);
        _time.Advance(FeedRest);
        await _observer.HoldsAsync("failing", summary => summary.Feed == "failing");
        _manager.Feed.Tell(Tenant, 2);
        await RestsAsync();
        _time.Advance(FeedRest);
        await RestsAsync();
        _manager.Feed.Override = null;
        _time.Advance(FeedRest);

        await _observer.HoldsAsync("learned", summary => summary.Feed == "following" && summary.Stale.Pods.Now == 1);
        Assert.Single(_observer.Logs.Lines, line => line.Message.Contains("The change feed does not answer", StringComparison.Ordinal));
        Assert.DoesNotContain(_manager.ApiKey, _observer.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feed_IsAskedToWait_ForTheObserversService()
    {
        _time.Advance(FeedRest);

        await Eventually.HoldsAsync("asked", () => _manager.FeedCalls.Any(call => call.Path.Contains("since=", StringComparison.Ordinal)));
        var call = _manager.FeedCalls.Last(one => one.Path.Contains("since=", StringComparison.Ordinal));
        Assert.Contains("service=ledger&wait=25&", call.Path, StringComparison.Ordinal);
        Assert.Equal(_manager.ApiKey, call.Headers["X-API-Key"]);
    }

    private Task RestsAsync() => TimingAsync(FeedRest);

    private Task TimingAsync(TimeSpan pause) => Eventually.HoldsAsync($"a pause of {pause.TotalMilliseconds} ms", () => _time.IsTiming(pause));
}
