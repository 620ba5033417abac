using System.Text.Json;
using TenantPlatform.Observer.Reporting;
using TenantPlatform.TestKit;

namespace TenantPlatform.Observer.Tests.Watching;

/// <summary>From a change to the last pod that agrees, with pods that answer as told, in a time that the test moves.</summary>
public sealed class WatchingTests : IAsyncLifetime
{
    private const string Tenant = "acme";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.25);
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedPods _pods = new();
    private FakeTenantManager _manager = null!;
    private ObserverHost _observer = null!;

    public async Task InitializeAsync()
    {
        _manager = await FakeTenantManager.CreateAsync();
        _manager.SetTenants((Tenant, 1));
        _observer = await ObserverHost.StartAsync(_manager, ["http://one", "http://two"], _time, _pods);
        await _observer.SweptAsync(1);
    }

    public async Task DisposeAsync()
    {
        await _observer.DisposeAsync();
        await _manager.DisposeAsync();
        _pods.Dispose();
    }

    [Fact]
    public async Task StalePod_IsCountedWithItsAge_UntilItAgrees()
    {
        _pods.Answer("one", Tenant, "l1", "found", 2);
        _pods.Answer("two", Tenant, "l1", "found", 1);
        _manager.SetFound(Tenant, 2);
        _manager.SetTenants((Tenant, 2));

        _time.Advance(TimeSpan.FromSeconds(1));
        await _observer.HoldsAsync("two is stale", summary => summary.Stale.Pods.Now == 1);
        Assert.Equal(0, _observer.Summary.Stale.Pods.OldestNow);
        await RestsAsync();
        _time.Advance(Pause);
        await _observer.HoldsAsync("asked again", summary => summary.Answers["two"]["outdated"] == 2);
        Assert.Equal(0.25, _observer.Shown("observer.stale.oldest", ("kind", "pod")));
        Assert.Equal(1, _observer.Shown("observer.stale.now", ("kind", "pod")));
        _pods.Answer("two", Tenant, "manager", null, null);
        await RestsAsync();
        _time.Advance(Pause);

        await _observer.HoldsAsync("two agrees", summary => summary.Stale.Pods is { Now: 0, Times: 1 });
        var seen = _observer.Summary;
        Assert.Equal(new Spread(0.25, 0.25, 0.25), seen.Stale.Pods.AtLeast);
        Assert.Equal(new Spread(0.5, 0.5, 0.5), seen.Stale.Pods.AtMost);
        Assert.Equal((4, 2), (seen.Stale.Pods.Answers, seen.Stale.Pods.StaleAnswers));
        Assert.Equal(1, seen.Answers["one"]["fresh"]);
        Assert.False(seen.Answers["one"].ContainsKey("outdated"));
        Assert.Equal(1, seen.Changes["watched"]);
        Assert.Equal([0.25], _observer.Recorded("observer.stale.at_least", ("kind", "pod"), ("respondent", "two"), ("agreed", true)));
        Assert.Equal([0.5], _observer.Recorded("observer.stale.at_most", ("kind", "pod"), ("respondent", "two")));
        Assert.Equal([0, 0.25], _observer.Recorded("observer.stale.age", ("verdict", "outdated")));
    }

    [Fact]
    public async Task DeniedTenant_StillServed_IsRevoked()
    {
        _pods.Answer("one", Tenant, "l1", "found", 1);
        _pods.Answer("two", Tenant, "l1", "denied", 2);
        _manager.SetDenied(Tenant, 2);
        _manager.SetTenants((Tenant, 2));

        _time.Advance(TimeSpan.FromSeconds(1));

        await _observer.HoldsAsync("one is stale", summary => summary.Answers.GetValueOrDefault("one")?.GetValueOrDefault("revoked") == 1);
        await _observer.HoldsAsync("two agrees", summary => summary.Answers.GetValueOrDefault("two")?.GetValueOrDefault("fresh") == 1);
        Assert.Contains("one is stale (revoked) for tenant acme", _observer.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PodThatIsAway_IsAskedAgain_AndIsNotStale()
    {
        _pods.Answer("two", Tenant, "l1", "found", 2);
        _manager.SetFound(Tenant, 2);
        _manager.SetTenants((Tenant, 2));
        _time.Advance(TimeSpan.FromSeconds(1));
        await _observer.HoldsAsync("one is away", summary => summary.Answers.GetValueOrDefault("one")?.GetValueOrDefault("away") == 1);

        _pods.Answer("one", Tenant, "l2", "found", 2);
        await RestsAsync();
        _time.Advance(Pause);

        await _observer.HoldsAsync("one agrees", summary => summary.Answers["one"].GetValueOrDefault("fresh") == 1);
        Assert.Equal(0, _observer.Summary.Stale.Pods.Times);
    }

    [Fact]
    public async Task PodThatDoesNotTell_IsReportedOnce_AndNotAskedOn()
    {
        _pods.Refuse("one");
        _pods.Answer("two", Tenant, "manager", null, null);
        for (var revision = 2; revision <= 3; revision++)
        {
            _manager.SetFound(Tenant, revision);
            _manager.SetTenants((Tenant, revision));
            _time.Advance(TimeSpan.FromSeconds(1));
            await _observer.HoldsAsync("asked", summary => summary.Answers.GetValueOrDefault("one")?.GetValueOrDefault("untold") == revision - 1);
            await _time.WaitForTimersAsync();
        }

        Assert.Single(_observer.Logs.Lines, line => line.Message.Contains("MULTI_TENANT_DIAGNOSTICS_KEY", StringComparison.Ordinal));
    }

    [Fact]
    public async Task StalePodThatDoesNotTellAnyMore_IsNotStaleForEver()
    {
        _pods.Answer("one", Tenant, "l1", "found", 1);
        _pods.Answer("two", Tenant, "manager", null, null);
        _manager.SetFound(Tenant, 2);
        _manager.SetTenants((Tenant, 2));
        _time.Advance(TimeSpan.FromSeconds(1));
        await _observer.HoldsAsync("one is stale", summary => summary.Stale.Pods.Now == 1);
        await RestsAsync();

        _pods.Refuse("one");
        _time.Advance(Pause);

        await _observer.HoldsAsync("its end is not known", summary => summary.Stale.Pods is { Now: 0, Times: 1, GivenUp: 1 });
    }

    [Fact]
    public async Task PodThatNeverAgrees_IsGivenUp()
    {
        _pods.Answer("one", Tenant, "l1", "found", 1);
        _pods.Answer("two", Tenant, "l1", "found", 2);
        _manager.SetFound(Tenant, 2);
        _manager.SetTenants((Tenant, 2));
        _time.Advance(TimeSpan.FromSeconds(1));
        await _observer.HoldsAsync("one is stale", summary => summary.Stale.Pods.Now == 1);
        await RestsAsync();

        _time.Advance(TimeSpan.FromMinutes(5));

        // It may have asked while the time passed, and rest once more at its end.
        await _observer.HoldsAsync("given up", summary =>
        {
            if (_time.IsTiming(Pause))
                _time.Advance(Pause);
            return summary.Stale.Pods is { Now: 0, Times: 1, GivenUp: 1 };
        });
        Assert.InRange(_observer.Summary.Stale.Pods.AtLeast.Worst, 300, 300 + Pause.TotalSeconds);
        Assert.Equal(0, _observer.Summary.Stale.Pods.AtMost.Worst);
        Assert.Single(_observer.Recorded("observer.stale.at_least", ("respondent", "one"), ("agreed", false)));
        Assert.Empty(_observer.Recorded("observer.stale.at_most"));
    }

    [Fact]
    public async Task ManagerAway_IsSaidOnce_AndSweepsGoOn()
    {
        await _manager.StopAsync();
        for (var sweep = 0; sweep < 3; sweep++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Eventually.HoldsAsync("a failed sweep", () => _observer.Sweeps("failed") == sweep + 1);
            await _time.WaitForTimersAsync();
        }

        await _manager.StartAsync();
        _time.Advance(TimeSpan.FromSeconds(1));

        await _observer.SweptAsync(2);
        Assert.Single(_observer.Logs.Lines, line => line.Message.Contains("nothing is observed until it can", StringComparison.Ordinal));
        Assert.DoesNotContain(_observer.Logs.Lines, line => line.Category.StartsWith("Polly", StringComparison.Ordinal));
        Assert.DoesNotContain(_manager.ApiKey, _observer.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(ObserverHost.DiagnosticsKey, _observer.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Observations_AreShown_WithoutTenantsAndKeys_AndSayThatValkeyIsNotAsked()
    {
        _pods.Answer("one", Tenant, "l1", "found", 1);
        _pods.Answer("two", Tenant, "l1", "found", 2);
        _manager.SetFound(Tenant, 2);
        _manager.SetTenants((Tenant, 2));
        _time.Advance(TimeSpan.FromSeconds(1));
        await _observer.HoldsAsync("one is stale", summary => summary.Stale.Pods.Now == 1);

        using var http = new HttpClient();
        var text = await http.GetStringAsync(_observer.Address);

        var shown = JsonDocument.Parse(text).RootElement;
        Assert.Equal("not configured", shown.GetProperty("valkey").GetString());
        Assert.False(shown.GetProperty("stale").TryGetProperty("valkey", out _));
        Assert.Equal(1, shown.GetProperty("stale").GetProperty("pods").GetProperty("staleAnswers").GetInt64());
        Assert.DoesNotContain(Tenant, text, StringComparison.Ordinal);
        Assert.DoesNotContain(ObserverHost.DiagnosticsKey, text, StringComparison.Ordinal);
        Assert.DoesNotContain(_manager.ApiKey, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Questions_CarryTheKeyOfWhomTheyAsk()
    {
        _pods.Answer("one", Tenant, "manager", null, null);
        _pods.Answer("two", Tenant, "manager", null, null);
        _manager.SetFound(Tenant, 2);
        _manager.SetTenants((Tenant, 2));
        _time.Advance(TimeSpan.FromSeconds(1));
        await _observer.HoldsAsync("both agree", summary => summary.Answers.Count == 2);

        Assert.All(_pods.Keys, key => Assert.Equal(ObserverHost.DiagnosticsKey, key));
        Assert.All(_manager.Calls, call => Assert.Equal(_manager.ApiKey, call.Headers["X-API-Key"]));
        Assert.Contains(_manager.Calls, call => call.SkipsCache && call.Path == $"/v1/tenants/{Tenant}/associations/ledger/connections");
    }

    /// <summary>Waits until all pods have answered, and the next question waits for its time.</summary>
    private Task RestsAsync() => Eventually.HoldsAsync("the watch rests", () => _time.IsTiming(Pause));
}
