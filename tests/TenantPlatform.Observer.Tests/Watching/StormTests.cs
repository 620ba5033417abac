using System.Globalization;
using TenantPlatform.TestKit;

namespace TenantPlatform.Observer.Tests.Watching;

/// <summary>F10, an operator can leave it on: however much changes, the questions to a pod are bounded, and what is left out is counted.</summary>
public sealed class StormTests : IAsyncLifetime
{
    private const int MostChanges = 3;
    private const int MostQuestions = 2;
    private const int Storm = 10;
    private static readonly TimeSpan FeedRest = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedPods _pods = new();
    private FakeTenantManager _manager = null!;
    private ObserverHost _observer = null!;

    public async Task InitializeAsync()
    {
        _manager = await FakeTenantManager.CreateAsync();
        _manager.Feed = new FakeFeed();
        _manager.SetTenants();
        _observer = await ObserverHost.StartAsync(
            _manager,
            ["http://one", "http://two"],
            _time,
            _pods,
            interval: "3600",
            configure: options => (options.MostChanges, options.MostQuestions, options.FeedGap) = (MostChanges, MostQuestions, FeedRest));
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
    public async Task ManyChangesAtOnce_FewQuestionsAtATime_TheRestIsDroppedAndCounted()
    {
        var (one, two) = (_pods.Hold("one"), _pods.Hold("two"));
        Change(0, Storm);
        _time.Advance(FeedRest);

        await _observer.HoldsAsync("the storm is over", summary => summary.Changes.GetValueOrDefault("dropped") == Storm - MostChanges);
        await one.ReachedAsync();
        await two.ReachedAsync();
        Assert.Equal(MostChanges, _observer.Summary.Changes["watched"]);
        Assert.Equal((Storm - MostChanges, Storm - MostChanges), (_observer.Summary.Spared["one"], _observer.Summary.Spared["two"]));
        Assert.Equal(Storm - MostChanges, _observer.Recorded("observer.spared", ("kind", "pod"), ("respondent", "one")).Sum());

        one.Open();
        two.Open();
        await _observer.HoldsAsync("all agree", summary => summary.Stale.Pods.Answers == 2 * MostChanges);
        Assert.InRange(_pods.MostAtOnce("one"), 1, MostQuestions);
        Assert.InRange(_pods.MostAtOnce("two"), 1, MostQuestions);

        // And then there is room again.
        await RestsAsync();
        Change(Storm, 1);
        _time.Advance(FeedRest);
        await _observer.HoldsAsync("watched again", summary => summary.Stale.Pods.Answers == 2 * (MostChanges + 1));
    }

    [Fact]
    public async Task PodThatIsGone_TakesNoRoomFromTheOthers()
    {
        Change(0, MostChanges, "two");
        _time.Advance(FeedRest);
        await _observer.HoldsAsync("two agrees", summary => summary.Stale.Pods.Answers == MostChanges);
        await RestsAsync();

        Change(MostChanges, 1, "two");
        _time.Advance(FeedRest);

        await _observer.HoldsAsync("two is asked about the next one", summary => summary.Stale.Pods.Answers == MostChanges + 1);
        Assert.Equal(1, _observer.Summary.Spared["one"]);
        Assert.False(_observer.Summary.Spared.ContainsKey("two"));
        Assert.False(_observer.Summary.Changes.ContainsKey("dropped"));
    }

    /// <summary>Tenants change, and the pods that are named know of it.</summary>
    private void Change(int first, int count, params string[] pods)
    {
        foreach (var n in Enumerable.Range(first, count))
        {
            var tenant = string.Create(CultureInfo.InvariantCulture, $"tenant-{n}");
            foreach (var pod in pods.Length == 0 ? ["one", "two"] : pods)
                _pods.Answer(pod, tenant, "l1", "found", 1);
            _manager.Feed!.Tell(tenant, 1);
        }
    }

    private Task RestsAsync() => Eventually.HoldsAsync("the feed rests", () => _time.IsTiming(FeedRest));
}
