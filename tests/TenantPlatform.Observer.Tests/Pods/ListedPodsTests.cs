using TenantPlatform.TestKit;

namespace TenantPlatform.Observer.Tests.Pods;

/// <summary>Pods that come and go, as the tenant-manager lists them.</summary>
public sealed class ListedPodsTests : IAsyncLifetime
{
    private const string Tenant = "acme";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedPods _pods = new();
    private FakeTenantManager _manager = null!;
    private ObserverHost _observer = null!;

    public async Task InitializeAsync()
    {
        _manager = await FakeTenantManager.CreateAsync();
        _manager.SetTenants((Tenant, 1));
        _manager.SetPods("one");
        _observer = await ObserverHost.StartAsync(_manager, ["listed"], _time, _pods, configure: options => options.PodsInterval = Interval);
        await _observer.SweptAsync(1);
        await SaidAsync("1 pods are asked: one");
    }

    public async Task DisposeAsync()
    {
        await _observer.DisposeAsync();
        await _manager.DisposeAsync();
        _pods.Dispose();
    }

    [Fact]
    public async Task F10_PodThatIsListed_IsAsked_AndOneThatIsNotAnyMore_IsNeitherAskedNorTold()
    {
        _pods.Answer("one", Tenant, "l1", "found", 2);
        _pods.Answer("two", Tenant, "l1", "found", 3);
        Change(2);
        _time.Advance(TimeSpan.FromSeconds(1));
        await _observer.HoldsAsync("one is asked", summary => Asked(summary.Answers, "one") == 1);
        Assert.False(_observer.Summary.Answers.ContainsKey("two"));

        _manager.SetPods("two");
        _time.Advance(Interval);
        await SaidAsync("1 pods are asked: two");
        Change(3);
        _time.Advance(TimeSpan.FromSeconds(1));

        await _observer.HoldsAsync("two is asked", summary => Asked(summary.Answers, "two") == 1);
        Assert.False(_observer.Summary.Answers.ContainsKey("one"));
    }

    [Fact]
    public async Task F10_StalePodThatIsGone_IsNotWatchedAnyLonger()
    {
        _pods.Answer("one", Tenant, "l1", "found", 1);
        Change(2);
        _time.Advance(TimeSpan.FromSeconds(1));
        await _observer.HoldsAsync("one is stale", summary => summary.Stale.Pods.Now == 1);

        _manager.SetPods();
        _time.Advance(Interval);
        await SaidAsync("0 pods are asked");

        await Eventually.HoldsAsync("nobody is stale", () =>
        {
            _time.Advance(TimeSpan.FromSeconds(0.25));
            return _observer.Summary.Stale.Pods.Now == 0;
        });
        Assert.Equal(1, _observer.Summary.Stale.Pods.GivenUp);
    }

    [Fact]
    public async Task F10_ListThatDoesNotCome_LeavesThoseThatWereNamedLast()
    {
        _manager.Set("GET", "/v1/pods?service=ledger", FakeAnswer.Json(new { code = "x" }) with { Status = System.Net.HttpStatusCode.ServiceUnavailable });
        _time.Advance(Interval);
        await SaidAsync("does not say which pods there are");
        _pods.Answer("one", Tenant, "l1", "found", 2);
        Change(2);
        _time.Advance(TimeSpan.FromSeconds(1));

        await _observer.HoldsAsync("one is asked", summary => Asked(summary.Answers, "one") == 1);
    }

    private static long Asked(IReadOnlyDictionary<string, Dictionary<string, long>> answers, string pod) => answers.GetValueOrDefault(pod)?.GetValueOrDefault("fresh") ?? 0;

    private void Change(long revision)
    {
        _manager.SetFound(Tenant, revision);
        _manager.SetTenants((Tenant, revision));
    }

    private Task SaidAsync(string text) => Eventually.HoldsAsync(text, () => _observer.Logs.Text.Contains(text, StringComparison.Ordinal));
}
