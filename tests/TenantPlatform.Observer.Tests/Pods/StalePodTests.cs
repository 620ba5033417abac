using System.Net;
using System.Net.Http.Json;
using TenantManager.Contracts;
using TenantPlatform.Observer.Reporting;
using TenantPlatform.TestKit;

namespace TenantPlatform.Observer.Tests.Pods;

/// <summary>
/// Real pods over a real Valkey: one is cut off from it by the fault proxy, so that neither events nor pushes reach it,
/// and goes on serving what it has. The observer notices, and notices when that is over.
/// </summary>
public sealed class StalePodTests(ValkeyFixture valkey) : IClassFixture<ValkeyFixture>, IAsyncLifetime
{
    private readonly string _tenant = $"t{Guid.NewGuid():N}"[..24];
    private FakeTenantManager _manager = null!;
    private ValkeyLink _link = null!;
    private PodUnderTest _cut = null!;
    private PodUnderTest _connected = null!;
    private ObserverHost _observer = null!;

    public async Task InitializeAsync()
    {
        _manager = await FakeTenantManager.CreateAsync();
        _link = await ValkeyLink.StartAsync(valkey);
        _manager.SetFound(_tenant, 1);
        _manager.SetTenants((_tenant, 1));
        _cut = await PodUnderTest.StartAsync(_manager, _link.ConnectionString);
        _connected = await PodUnderTest.StartAsync(_manager, valkey.ConnectionString);
        _observer = await ObserverHost.StartAsync(_manager, [_cut.Address, _connected.Address], interval: "0.1", pause: "0.05", valkey: valkey.ConnectionString);
        await _observer.SweptAsync(1);
        await _cut.HoldsInL1Async(_tenant);
        await _connected.HoldsInL1Async(_tenant);
    }

    public async Task DisposeAsync()
    {
        await _observer.DisposeAsync();
        await _cut.DisposeAsync();
        await _connected.DisposeAsync();
        await _link.DisposeAsync();
        await _manager.DisposeAsync();
    }

    [Theory]
    [InlineData(false, "outdated")]
    [InlineData(true, "revoked")]
    public async Task PodCutOffFromValkey_IsFoundStale_AndTheOtherIsNot(bool isDenial, string verdict)
    {
        await _link.BlackholeAsync();
        if (isDenial)
            _manager.SetDenied(_tenant, 2);
        else
            _manager.SetFound(_tenant, 2);

        // What a revalidation, or the next request of a pod that heard of it, does to L2; the connected pod is pushed.
        await _connected.RevalidateAsync(_tenant);
        _manager.SetTenants((_tenant, 2));

        await _observer.HoldsAsync("the cut pod is stale", summary => Count(summary, _cut, verdict) > 1 && summary.Stale.Pods.Now == 1);
        await _observer.HoldsAsync("the other agrees", summary => Count(summary, _connected, "fresh") > 0);

        // By itself it would agree at the end of its lease; its revalidation does not wait for that.
        await _link.HealAsync();
        await _cut.RevalidateAsync(_tenant);

        await _observer.HoldsAsync("the cut pod agrees", summary => summary.Stale.Pods is { Now: 0, Times: 1, AtLeast.Worst: > 0 } && Count(summary, _cut, "fresh") > 0);
        Assert.Equal(0, Count(_observer.Summary, _connected, verdict));
        Assert.True(_observer.Summary.Stale.Pods.AtMost.Worst >= _observer.Summary.Stale.Pods.AtLeast.Worst);

        // Valkey had been brought up to date before the observer knew of the change.
        Assert.Equal((1, 0), (_observer.Summary.Stale.Valkey!.Answers, _observer.Summary.Stale.Valkey.StaleAnswers));
    }

    [Fact]
    public async Task Pods_WithNothingInTheWay_AgreeByThemselves()
    {
        _manager.SetFound(_tenant, 2);
        await _connected.RevalidateAsync(_tenant);
        _manager.SetTenants((_tenant, 2));

        await _observer.HoldsAsync("both agree", summary => Count(summary, _connected, "fresh") > 0 && Count(summary, _cut, "fresh") > 0);
        Assert.Equal(0, _observer.Summary.Stale.Pods.Now);
    }

    [Fact]
    public async Task Asking_ChangesNothingInThePods()
    {
        var other = $"t{Guid.NewGuid():N}"[..24];
        _manager.SetFound(other, 1);
        await _connected.HoldsInL1Async(other);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add(WireHeaders.ApiKey, ObserverHost.DiagnosticsKey);

        for (var i = 0; i < 3; i++)
        {
            var basis = await http.GetFromJsonAsync<TenantManager.Contracts.Diagnostics.TenantBasis>(
                $"{_cut.Address}{TenantManager.Contracts.Diagnostics.TenantBasis.Path(other)}", ContractJson.Options);
            Assert.Equal(("l2", 1L), (basis!.Source, basis.Revision));
        }

        http.DefaultRequestHeaders.Remove(WireHeaders.ApiKey);
        using var refused = await http.GetAsync(new Uri($"{_cut.Address}{TenantManager.Contracts.Diagnostics.TenantBasis.Path(other)}"));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(1, _manager.ConnectionCalls(other, "ledger"));
    }

    private static long Count(ObservationSummary summary, PodUnderTest pod, string verdict) =>
        summary.Answers.GetValueOrDefault(new Uri(pod.Address).Authority)?.GetValueOrDefault(verdict) ?? 0;
}
