using System.Diagnostics;
using System.Net;
using Cache.Core;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.TenantConfigs;

/// <summary>The calls to the tenant-manager over a real socket.</summary>
public sealed class TenantManagerCallTests : IAsyncLifetime
{
    private readonly TenantId _tenant = TenantId.Parse(Tests.Configs.NewTenant());
    private FakeTenantManager _manager = null!;
    private ConsumerHost _host = null!;

    public async Task InitializeAsync()
    {
        _manager = await FakeTenantManager.CreateAsync();
        _host = await ConsumerHost.StartAsync(_manager);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _manager.DisposeAsync();
    }

    [Fact]
    public async Task Call_Any_CarriesKeyAndTraceContext()
    {
        using var listener = new ActivityListener { ShouldListenTo = _ => true, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        using var span = new Activity("test").Start();

        await LookUpAsync();

        var call = Assert.Single(_manager.Calls);
        Assert.Equal(_manager.ApiKey, call.Headers[WireHeaders.ApiKey]);
        Assert.Contains(span.TraceId.ToString(), call.Headers["traceparent"], StringComparison.Ordinal);
        Assert.False(call.SkipsCache);
    }

    [Fact]
    public async Task SkipCache_Call_SaysSo()
    {
        await LookUpAsync(skipCache: true);
        Assert.True(Assert.Single(_manager.Calls).SkipsCache);
    }

    [Fact]
    public async Task SkipCache_AskedAgain_IsConditional_AndA304IsAsGoodAsTheConfiguration()
    {
        _manager.SetConnections(_tenant.Value, Tests.Configs.Service, Config(revision: 9));
        var whole = await LookUpAsync(skipCache: true);

        var unchanged = await LookUpAsync(skipCache: true);

        Assert.Equal((FetchOutcome.Found, 9L), (unchanged.Outcome, unchanged.Result.Revision));
        Assert.Same(whole.Value, unchanged.Value);
        Assert.Equal([null, "\"9\""], _manager.Calls.Select(call => call.Headers.GetValueOrDefault("If-None-Match")));

        _manager.SetConnections(_tenant.Value, Tests.Configs.Service, Config(revision: 10));
        Assert.Equal(10, (await LookUpAsync(skipCache: true)).Result.Revision);
    }

    [Fact]
    public async Task LookUp_ThroughTheCache_IsNeverConditional()
    {
        _manager.SetConnections(_tenant.Value, Tests.Configs.Service, Config(revision: 9));
        await LookUpAsync(skipCache: true);
        await _host.Configs.InvalidateConfigAsync(_tenant, Tests.Configs.Service);
        Assert.Equal(FetchOutcome.Found, (await LookUpAsync()).Outcome);
        Assert.DoesNotContain(_manager.Calls, call => call.Headers.ContainsKey("If-None-Match"));
    }

    [Fact]
    public async Task SkipCache_ManagerSendsNoTag_AsGosDoes_IsNeverConditional()
    {
        _manager.SetConnections(_tenant.Value, Tests.Configs.Service, FakeAnswer.Config(Config(revision: 9)) with { ETag = null });
        await LookUpAsync(skipCache: true);
        await LookUpAsync(skipCache: true);
        Assert.DoesNotContain(_manager.Calls, call => call.Headers.ContainsKey("If-None-Match"));
    }

    [Fact]
    public async Task RevocationWins_AfterADenial_NothingFromBeforeItIsTakenForUnchanged()
    {
        _manager.SetConnections(_tenant.Value, Tests.Configs.Service, Config(revision: 9));
        await LookUpAsync(skipCache: true);
        _manager.SetConnections(_tenant.Value, Tests.Configs.Service, FakeAnswer.Denied("suspended"));
        Assert.Equal(FetchOutcome.Denied, (await LookUpAsync(skipCache: true)).Outcome);
        Assert.Equal(FetchOutcome.Denied, (await LookUpAsync(skipCache: true)).Outcome);
        Assert.False(_manager.Calls.Last().Headers.ContainsKey("If-None-Match"));
    }

    [Fact]
    public async Task LookUp_304WithoutHavingAskedForIt_IsAFailure()
    {
        _manager.SetConnections(_tenant.Value, Tests.Configs.Service, new FakeAnswer { Status = HttpStatusCode.NotModified });
        await Assert.ThrowsAsync<TenantManagerUnavailableException>(() => LookUpAsync());
    }

    [Fact]
    public async Task LookUp_EachAnswer_HasItsOutcome()
    {
        Assert.Equal(FetchOutcome.NotFound, (await LookUpAsync()).Outcome);

        _manager.SetConnections(_tenant.Value, Tests.Configs.Service, FakeAnswer.Denied("suspended"));
        var denied = await LookUpAsync(skipCache: true);
        Assert.Equal((FetchOutcome.Denied, "suspended"), (denied.Outcome, denied.Result.Status));

        _manager.SetConnections(_tenant.Value, Tests.Configs.Service, FakeAnswer.Denied(status: null));
        denied = await LookUpAsync(skipCache: true);
        Assert.Equal((FetchOutcome.Denied, null), (denied.Outcome, denied.Result.Status));

        _manager.SetConnections(_tenant.Value, Tests.Configs.Service, Config(revision: 9));
        var found = await LookUpAsync(skipCache: true);
        Assert.Equal((FetchOutcome.Found, 9L), (found.Outcome, found.Result.Revision));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"status\":5}")]
    [InlineData("{\"status\":\"\"}")]
    [InlineData("{\"status\":\"\\ud800\"}")]
    [InlineData("{\"revision\":\"x\"}")]
    [InlineData("\u0000")]
    public async Task LookUp_ForbiddenWithAnyBody_IsDenied(string body)
    {
        _manager.SetConnections(_tenant.Value, Tests.Configs.Service, new FakeAnswer { Status = HttpStatusCode.Forbidden, Body = body });
        Assert.Equal(FetchOutcome.Denied, (await LookUpAsync()).Outcome);
    }

    [Fact]
    public async Task LookUp_AnotherTenantsAnswer_IsAFailure()
    {
        _manager.SetConnections(_tenant.Value, Tests.Configs.Service, new TenantConfig { Id = "somebody-else", TenantSlug = "s" });
        await Assert.ThrowsAsync<TenantManagerUnavailableException>(() => LookUpAsync());
    }

    [Fact]
    public async Task LookUp_TransientFailure_IsRetried()
    {
        var gate = new TaskCompletionSource();
        _manager.Override = FakeAnswer.Error(HttpStatusCode.ServiceUnavailable) with { Gate = gate.Task };
        var lookup = LookUpAsync();
        await Eventually.HoldsAsync("the first attempt", () => _manager.Calls.Count == 1);
        _manager.Override = FakeAnswer.Config(Config(revision: 1));
        gate.SetResult();
        Assert.Equal(FetchOutcome.Found, (await lookup).Outcome);
    }

    [Fact]
    public async Task LookUp_ServerErrors_AreTriedThreeTimesAndCountOnce()
    {
        _manager.Override = FakeAnswer.Error(HttpStatusCode.BadGateway);
        await Assert.ThrowsAsync<TenantManagerUnavailableException>(() => LookUpAsync());
        Assert.Equal(3, _manager.Calls.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task LookUp_ClientErrors_AreAnswersAndNeverOpenTheBreaker(HttpStatusCode status)
    {
        _manager.Override = FakeAnswer.Error(status);
        for (var i = 1; i <= 7; i++)
        {
            var failure = await Assert.ThrowsAsync<TenantManagerUnavailableException>(() => LookUpAsync());
            Assert.False(failure.IsBreakerOpen);
            Assert.Equal(i, _manager.Calls.Count);
        }
    }

    [Fact]
    public async Task LookUp_ManagerGone_OpensTheBreakerAndTheProbeClosesIt()
    {
        var time = new FakeTimeProvider();
        await using var host = await ConsumerHost.StartAsync(_manager, time: time, settings: new(StringComparer.Ordinal)
        {
            ["MULTI_TENANT_CIRCUIT_BREAKER_THRESHOLD"] = "2",
            ["MULTI_TENANT_CIRCUIT_BREAKER_TIMEOUT_SEC"] = "3600",
        });
        await _manager.StopAsync();
        Assert.False((await FailAsync()).IsBreakerOpen);
        Assert.False((await FailAsync()).IsBreakerOpen);
        Assert.True((await FailAsync()).IsBreakerOpen);

        await _manager.StartAsync();
        Assert.True((await FailAsync()).IsBreakerOpen);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(FetchOutcome.NotFound, (await LookUpAsync(host)).Outcome);

        async Task<TenantManagerUnavailableException> FailAsync()
        {
            var lookup = LookUpAsync(host);
            await host.LetTimePassAsync(Task.WhenAny(lookup)); // retries wait
            return await Assert.ThrowsAsync<TenantManagerUnavailableException>(() => lookup);
        }
    }

    [Fact]
    public async Task LookUp_HangingManager_EndsAtTheTimeoutAndCounts()
    {
        await using var host = await ConsumerHost.StartAsync(_manager, settings: new(StringComparer.Ordinal)
        {
            ["MULTI_TENANT_TIMEOUT"] = "0.2",
            ["MULTI_TENANT_CIRCUIT_BREAKER_THRESHOLD"] = "1",
        });
        _manager.Override = FakeAnswer.Hang();
        var failure = await Assert.ThrowsAsync<TenantManagerUnavailableException>(() => LookUpAsync(host));
        Assert.Contains("timed out", failure.Message, StringComparison.Ordinal);
        Assert.True((await Assert.ThrowsAsync<TenantManagerUnavailableException>(() => LookUpAsync(host))).IsBreakerOpen);
    }

    /// <summary>A connection that was lost in silence costs an attempt, and not the whole time that a call has.</summary>
    [Fact]
    public async Task LookUp_FirstAttemptNeverAnswered_IsAnsweredByTheNext()
    {
        await using var host = await ConsumerHost.StartAsync(_manager, settings: new(StringComparer.Ordinal) { ["MULTI_TENANT_ATTEMPT_TIMEOUT_SEC"] = "0.5" });
        _manager.SetConnections(_tenant.Value, Tests.Configs.Service, Config(revision: 1));
        _manager.Override = FakeAnswer.Hang();
        var lookup = LookUpAsync(host);
        await Eventually.HoldsAsync("the first attempt has come", () => _manager.Calls.Count == 1);
        _manager.Override = null;

        Assert.Equal(FetchOutcome.Found, (await lookup).Outcome);
        Assert.Equal(2, _manager.Calls.Count);
    }

    [Fact]
    public async Task LookUp_HugeBody_IsRefusedOnceAndUnquoted()
    {
        _manager.SetConnections(_tenant.Value, Tests.Configs.Service, new FakeAnswer { Body = $"\"password-{new string('x', 11 * 1024 * 1024)}\"" });
        var failure = await Assert.ThrowsAsync<TenantManagerUnavailableException>(() => LookUpAsync());
        Assert.Contains("10 MB", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("password", failure.ToString(), StringComparison.Ordinal);
        Assert.Single(_manager.Calls);
    }

    [Fact]
    public async Task LookUp_UnreadableBody_IsNeverQuoted()
    {
        _manager.SetConnections(_tenant.Value, Tests.Configs.Service, new FakeAnswer { Body = """{"id":{"password":"topsecret"}}""" });
        Assert.DoesNotContain("topsecret", (await Assert.ThrowsAsync<TenantManagerUnavailableException>(() => LookUpAsync())).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetActiveTenants_List_IsRead()
    {
        _manager.Set("GET", "/v1/tenants/active?service=ledger", FakeAnswer.Json(new[] { new { id = "a", name = "A", status = "active" } }));
        Assert.Equal([new ActiveTenant("a", "A", "active")], await _host.Configs.GetActiveTenantsAsync("ledger"));
    }

    [Fact]
    public async Task GetTenant_KnownAndUnknown_AreToldApart()
    {
        Assert.Null(await _host.Configs.GetTenantAsync(_tenant));
        _manager.Set("GET", $"/v1/tenants/{_tenant}", FakeAnswer.Json(new { id = _tenant.Value, name = "N", slug = "s", status = "active", metadata = new { region = "eu" } }));
        Assert.Equal("eu", (await _host.Configs.GetTenantAsync(_tenant))!.Metadata!["region"]);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a:b")]
    [InlineData("")]
    public async Task LookUp_ServiceNameThatBreaksOut_IsRefused(string service) =>
        await Assert.ThrowsAsync<ArgumentException>(() => _host.Configs.GetTenantConfigAsync(_tenant, service).AsTask());

    private TenantConfig Config(long revision) => new() { Id = _tenant.Value, TenantSlug = "t", Revision = revision };

    private async Task<CacheLookup<TenantConfig>> LookUpAsync(ConsumerHost? host = null, bool skipCache = false) =>
        await (host ?? _host).Configs.GetTenantConfigAsync(_tenant, Tests.Configs.Service, skipCache);

    private Task<CacheLookup<TenantConfig>> LookUpAsync(bool skipCache) => LookUpAsync(host: null, skipCache);
}
