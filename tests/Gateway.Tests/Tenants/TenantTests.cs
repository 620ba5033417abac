using System.Text;
using System.Text.Json;
using Gateway.Tests.Hosting;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantManager.Contracts.Events;
using TenantManager.Contracts.Pods;
using TenantManager.Contracts.Tokens;
using TenantPlatform.TestKit;

namespace Gateway.Tests.Tenants;

/// <summary>The gateway between tenants and an origin, over a real Valkey; the tenant-manager answers as told.</summary>
public sealed class TenantTests(ValkeyFixture valkey) : IClassFixture<ValkeyFixture>, IAsyncLifetime
{
    private const string SigningKey = "gateway-signing-key-0123456789-0123456789-0123456789";
    private readonly string _path = "/" + Guid.NewGuid().ToString("N");
    private readonly string _one = Guid.NewGuid().ToString("N");
    private readonly string _other = Guid.NewGuid().ToString("N");
    private FakeTenantManager? _manager;
    private Origin? _origin;
    private GatewayHost? _gateway;

    private GatewayHost Gateway => _gateway!;

    public async Task InitializeAsync()
    {
        _manager = await FakeTenantManager.CreateAsync();
        _origin = await Origin.StartAsync();
        _origin.Says(("Cache-Control", "s-maxage=3600"), ("Surrogate-Key", "all"));
        Activate(_one);
        Activate(_other);
        _gateway = Host();
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await _origin!.DisposeAsync();
        await _manager!.DisposeAsync();
    }

    [Fact]
    public async Task TenantIsolation_EachTenantHasItsOwnAnswer()
    {
        await AskAsync(_one);
        Assert.Equal("1", (await HitAsync(_one)).Body);
        Assert.Equal(("2", "MISS"), (await AskAsync(_other)) is var first ? (first.Body, first.XCache) : default);
        Assert.Equal("2", (await HitAsync(_other)).Body);
        Assert.Equal("1", (await AskAsync(_one)).Body);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer x.y.z")]
    public async Task CachedAnswers_WithoutAValidToken_AreNotGiven(string? authorization)
    {
        await AskAsync(_one);
        await HitAsync(_one);
        var answer = authorization is null ? await Gateway.GetAsync(_path) : await Gateway.GetAsync(_path, ("Authorization", authorization));
        Assert.Equal(401, answer.Status);
    }

    [Fact]
    public async Task RevocationWins_ASuspendedTenant_Gets403_AlsoForWhatIsCached_AndTheOthersAreServed()
    {
        await AskAsync(_one);
        await HitAsync(_one);
        await AskAsync(_other);
        await HitAsync(_other);
        await SuspendAsync(_one);
        await Eventually.BecomesAsync("403", () => AskAsync(_one), static answer => answer.Status == 403);
        Assert.Equal(403, (await AskAsync(_one)).Status);
        Assert.Equal("HIT", (await AskAsync(_other)).XCache);
        Assert.Equal(2, _origin!.Count);
    }

    /// <summary>It is an answer, not a broken connection: over a real one, where the client would see it.</summary>
    [Theory]
    [InlineData("GET", "Cache-Control", "s-maxage=3600")]
    [InlineData("GET", "Cache-Control", "no-store")]
    [InlineData("GET", "Cache-Control", "s-maxage=3600", "If-Match")]
    [InlineData("GET", "ETag", "\"v\"", "If-None-Match")]
    [InlineData("HEAD", "Cache-Control", "s-maxage=3600")]
    public async Task RevocationWins_ARead_WhoseTenantIsSuspendedWhileTheOriginAnswers_Gets403(string method, string name, string value, string? condition = null)
    {
        Gate gate = new();
        _origin!.Answer = async (context, number) =>
        {
            await gate.PassAsync(context.RequestAborted);
            await Origin.TextAsync(context, number, (name, value));
        };
        await using var listening = Host();
        using HttpClient client = new() { BaseAddress = listening.Listen() };
        using HttpRequestMessage request = new(new HttpMethod(method), _path);
        request.Headers.Authorization = new("Bearer", Token(_one));
        if (condition is not null)
            request.Headers.Add(condition, "\"v\"");
        var running = client.SendAsync(request);
        await gate.ReachedAsync();

        await SuspendAsync(_one);
        await Eventually.BecomesAsync("403 for those that come later", LaterAsync, static status => status == 403);
        gate.Open();

        using var answer = await running;
        Assert.Equal(403, (int)answer.StatusCode);
        Assert.Equal(method == "GET", (await answer.Content.ReadAsStringAsync()).Contains("0131", StringComparison.Ordinal));
        Assert.False(answer.Headers.Contains(name));

        async Task<int> LaterAsync()
        {
            using HttpRequestMessage later = new(HttpMethod.Get, "/later");
            later.Headers.Authorization = new("Bearer", Token(_one));
            using CancellationTokenSource limit = new(TimeSpan.FromSeconds(1));
            try
            {
                using var response = await client.SendAsync(later, limit.Token);
                return (int)response.StatusCode;
            }
            catch (OperationCanceledException)
            {
                // Admitted still, it waits at the origin.
                return 0;
            }
        }
    }

    [Fact]
    public async Task BoundedDenial_WithTheEventLost_ASuspendedTenantIsRefusedByRevalidation()
    {
        await _gateway!.DisposeAsync();
        _gateway = Host(("MULTI_TENANT_CONNECTIONS_CHECK_INTERVAL_SEC", "1"));
        await AskAsync(_one);
        await HitAsync(_one);
        _manager!.SetConnections(_one, "ledger", FakeAnswer.Denied("suspended"));
        await Eventually.BecomesAsync("403", () => AskAsync(_one), static answer => answer.Status == 403);
        Assert.Equal(403, (await AskAsync(_one)).Status);
    }

    /// <summary>The feed has told of the suspension before this gateway held anything of the tenant; Valkey still holds what was before.</summary>
    [Fact]
    public async Task BoundedDenial_AdmittedByWhatLayInValkey_IsAskedAbout_AlthoughTheFeedCovers()
    {
        await AskAsync(_one);
        await _gateway!.DisposeAsync();
        _manager!.SetConnections(_one, "ledger", FakeAnswer.Denied("suspended"));
        _manager.Feed = new FakeFeed();
        _manager.Feed.Tell(_one, 1, "suspended");
        var asked = _manager.FeedCalls.Count;
        _gateway = Host(("MULTI_TENANT_CONNECTIONS_CHECK_INTERVAL_SEC", "1"));
        _ = Gateway.Client;
        await Eventually.HoldsAsync("the feed covers", () => _manager.FeedCalls.Count >= asked + 3);
        var compared = Comparisons();
        Assert.Equal(200, (await AskAsync(_one)).Status);
        await Eventually.BecomesAsync("403", () => AskAsync(_one), static answer => answer.Status == 403);

        // Not by the comparison of everything that the feed makes every 20 intervals.
        Assert.Equal(compared, Comparisons());

        int Comparisons() => _manager.FeedCalls.Count(static call => !call.Path.Contains("since=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"tenant":"T"}""")]
    [InlineData("""{"tag":"all","tenant":"T"}""")]
    public async Task Purge_OfATenant_LeavesTheOthers(string purge)
    {
        await AskAsync(_one);
        await HitAsync(_one);
        await AskAsync(_other);
        await HitAsync(_other);
        Assert.Equal(204, (await Gateway.PurgeAsync(purge.Replace("\"T\"", $"\"{_one}\"", StringComparison.Ordinal))).Status);
        Assert.Equal("3", (await AskAsync(_one)).Body);
        Assert.Equal(("2", "HIT"), (await AskAsync(_other)) is var kept ? (kept.Body, kept.XCache) : default);
    }

    [Fact]
    public async Task C6_TheGateway_IsListedAsAGateway_NotAsThePodsItAdmitsFor()
    {
        var name = Guid.NewGuid().ToString("N");
        await using var listed = Host(("MULTI_TENANT_POD_NAME", name));
        _ = listed.Client;
        await Eventually.HoldsAsync("it is listed", async () => await valkey.ExecuteAsync("EXISTS", $"pods:gateway:{name}") is 1L);
        Assert.Equal(0L, await valkey.ExecuteAsync("EXISTS", $"pods:ledger:{name}"));
    }

    [Fact]
    public async Task E5_TheGateway_TellsWhatItsCacheDoes_ByRoute()
    {
        var (name, route) = (Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString("N"));
        await using var listed = Host(
            ("Gateway:Origin", null),
            ($"ReverseProxy:Routes:{route}:ClusterId", "one"),
            ($"ReverseProxy:Routes:{route}:Match:Path", "/{**path}"),
            ("ReverseProxy:Clusters:one:Destinations:one:Address", _origin!.Address.ToString()),
            ("MULTI_TENANT_POD_NAME", name),
            ("MULTI_TENANT_POD_HEARTBEAT_SEC", "1"));
        var token = ("Authorization", "Bearer " + Token(_one));
        await listed.GetAsync(_path, token);
        await listed.GetHitAsync(_path, token);

        var told = await Eventually.BecomesAsync("the pod's word", ReadAsync, static told => told is { Hits: > 0 });
        Assert.Equal((1, 0), (told!.SavedBytes / told.Hits, told.StaleHits));
        Assert.True(told.Misses > 0, "The first request was none.");

        async Task<RouteReport?> ReadAsync() => await valkey.ExecuteAsync("GET", $"pods:gateway:{name}") is string word
            ? JsonSerializer.Deserialize<PodReport>(word, ContractJson.Options)!.Routes.SingleOrDefault(one => one.Route == route)
            : null;
    }

    [Fact]
    public async Task Passed_ARouteWhoseOriginLooksAtItself_IsNeitherAdmittedNorCached()
    {
        await using var passing = Host(("Gateway:Metadata:Tenants", "passed"));
        await passing.GetAsync(_path);
        Assert.Equal((200, "2", "BYPASS"), (await passing.GetAsync(_path)) is var answer ? (answer.Status, answer.Body, answer.XCache) : default);
    }

    [Fact]
    public async Task Passed_WithALifetime_EndsTheStart()
    {
        await using var wrong = Host(("Gateway:Metadata:Tenants", "passed"), ("Gateway:Metadata:CacheLifetime", "00:01:00"));
        Assert.ThrowsAny<Exception>(() => wrong.Client);
    }

    [Fact]
    public async Task Forced_SharedWithinTheTenant_AndNotBeyond()
    {
        _origin!.Says();
        await using var sharing = Host(("Gateway:Metadata:CacheLifetime", "00:01:00"), ("Gateway:Metadata:CacheAuthorized", "tenant"));
        await sharing.GetAsync(_path, ("Authorization", "Bearer " + Token(_one)));
        Assert.Equal("1", (await sharing.GetHitAsync(_path, ("Authorization", "Bearer " + Token(_one)))).Body);
        Assert.Equal("2", (await sharing.GetAsync(_path, ("Authorization", "Bearer " + Token(_other)))).Body);
    }

    private GatewayHost Host(params (string Name, string? Value)[] more) => new(
    [
        ("Gateway:Origin", _origin!.Address.ToString()),
        ("Gateway:PurgeKey", GatewayHost.PurgeKey),
        ("ConnectionStrings:valkey", valkey.ConnectionString),
        ("ENV_NAME", "test"),
        ("AUTH_SIGNING_KEY", SigningKey),
        ("MULTI_TENANT_URL", _manager!.Address.ToString()),
        ("MULTI_TENANT_ALLOW_INSECURE_HTTP", "true"),
        ("MULTI_TENANT_SERVICE_NAME", "ledger"),
        ("MULTI_TENANT_SERVICE_API_KEY", _manager.ApiKey),
        .. more,
    ]);

    private Task<Answer> AskAsync(string tenant) => Gateway.GetAsync(_path, ("Authorization", "Bearer " + Token(tenant)));

    private Task<Answer> HitAsync(string tenant) => Gateway.GetHitAsync(_path, ("Authorization", "Bearer " + Token(tenant)));

    private void Activate(string tenant) => _manager!.SetConnections(tenant, "ledger", new TenantConfig { Id = tenant, TenantSlug = "t", Status = "active", Revision = 1 });

    /// <summary>The tenant-manager denies the tenant, and says so.</summary>
    private Task SuspendAsync(string tenant)
    {
        _manager!.SetConnections(tenant, "ledger", FakeAnswer.Denied("suspended"));
        return valkey.ExecuteAsync("PUBLISH", TenantEventChannel.For("test"), $$"""{"event_id":"{{Guid.NewGuid()}}","event_type":"tenant.suspended","timestamp":"2026-01-01T00:00:00Z","tenant_id":"{{tenant}}","tenant_slug":"t"}""");
    }

    private static string Token(string tenant) => new TokenIssuer(TokenSettings.DefaultIssuer, Encoding.UTF8.GetBytes(SigningKey))
        .Issue(new Dictionary<string, string>(StringComparer.Ordinal) { ["tenantId"] = tenant }, TimeSpan.FromMinutes(10));
}
