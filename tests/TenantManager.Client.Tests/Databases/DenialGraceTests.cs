using System.Net;
using Npgsql;
using TenantManager.Client.Databases;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.Databases;

/// <summary>
/// Requests that run while their tenant is denied, on a real PostgreSQL: they finish within the grace period or are cut when
/// it ends. The gate is a lock in the tenant's own database: the query waits until the test gives it up.
/// </summary>
public sealed class DenialGraceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly string _tenant = Configs.NewTenant();
    private readonly TaskCompletionSource _deafGate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FakeTenantManager _manager = null!;
    private ConsumerHost _host = null!;
    private TenantConfig _config = null!;
    private NpgsqlConnection _gate = null!;

    public async Task InitializeAsync()
    {
        _manager = await FakeTenantManager.CreateAsync();
        _config = await Configs.WithDatabaseAsync(postgres, _tenant);
        _manager.SetConnections(_tenant, Configs.Service, _config);
        _host = await StartAsync();
        _gate = new NpgsqlConnection(_config.Connection().ConnectionString);
        await _gate.OpenAsync();
        await ExecuteAsync("SELECT pg_advisory_lock(1)");
    }

    public async Task DisposeAsync()
    {
        _deafGate.TrySetResult();
        await _gate.DisposeAsync();
        await _host.DisposeAsync();
        await _manager.DisposeAsync();
    }

    [Fact]
    public async Task BoundedDenial_NewRequests_AreRefusedAtOnceWhileOneStillRuns()
    {
        var running = await BeginAsync("/query");

        await DenyAsync();

        Assert.Equal(403, await _host.StatusAsync(_tenant));
        Assert.False(_host.Pools.IsConnected(TenantId.Parse(_tenant)));
        Assert.False(running.IsCompleted);
        Assert.Equal(1, await QueriesAsync());
    }

    /// <summary>Text begins its answer; a value goes to the response's writer without a beginning.</summary>
    [Fact]
    public async Task BoundedDenial_ManyRequests_AskTheTenantManagerAtABoundedRate()
    {
        await DenyAsync();
        _manager.ClearCalls();
        for (var n = 0; n < 20; n++)
            Assert.Equal(403, await _host.StatusAsync(_tenant));
        Assert.Empty(_manager.Calls);

        _time.Advance(TimeSpan.FromSeconds(5));
        for (var n = 0; n < 20; n++)
            Assert.Equal(403, await _host.StatusAsync(_tenant));
        Assert.Single(_manager.Calls);

        // Without an event: the next time it is asked, it serves again.
        _manager.SetConnections(_tenant, Configs.Service, _config.WithLimits(revision: 3, open: 3));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(200, await _host.StatusAsync(_tenant));
    }

    [Theory]
    [InlineData("/query")]
    [InlineData("/value")]
    public async Task RunningRead_WithinTheGracePeriod_IsAnsweredNothingAnyMore(string path)
    {
        var running = await BeginAsync(path);
        await DenyAsync();

        await ExecuteAsync("SELECT pg_advisory_unlock(1)");

        using var response = await running;
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("0131", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // It does not claim to be based on the configuration that it was let in by: a soak took that for a denial of that revision.
        Assert.True(response.Headers.Contains("X-Process-Id"));
        Assert.False(response.Headers.Contains("X-Tenant-Revision"));
    }

    [Fact]
    public async Task RunningRequest_OfATenantThatIsServedAgain_FinishesHoweverLongItTakes()
    {
        var running = await BeginAsync("/query");
        await DenyAsync();
        _manager.SetConnections(_tenant, Configs.Service, _config.WithLimits(revision: 3, open: 3));
        await _host.Configs.InvalidateConfigAsync(TenantId.Parse(_tenant), Configs.Service);
        Assert.Equal(200, await _host.StatusAsync(_tenant));

        _time.Advance(Grace);
        Assert.Equal(1, await QueriesAsync());
        await ExecuteAsync("SELECT pg_advisory_unlock(1)");

        using var response = await running;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task RunningRequest_WithinTheGracePeriod_Finishes()
    {
        var running = await BeginAsync("/query", method: HttpMethod.Post);
        await DenyAsync();

        _time.Advance(Grace - Instant);
        await ExecuteAsync("SELECT pg_advisory_unlock(1)");

        using var response = await running;
        Assert.Equal((HttpStatusCode.OK, "passed"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        _time.Advance(Grace);
        Assert.DoesNotContain("was cut", _host.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunningRequest_BeyondTheGracePeriod_IsCutInTheDatabaseToo()
    {
        var running = await BeginAsync("/query");
        await DenyAsync();
        _time.Advance(Grace - Instant);
        Assert.Equal(1, await QueriesAsync());

        _time.Advance(Instant);

        using var response = await running;
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("0131", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Eventually.BecomesAsync("the queries under way", QueriesAsync, queries => queries == 0);
        Assert.Contains($"A request of tenant {_tenant} was cut", _host.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunningRequest_OnAPoolThatWasSwapped_IsCutToo()
    {
        var running = await BeginAsync("/query");
        _manager.SetConnections(_tenant, Configs.Service, _config.WithLimits(revision: 2, open: 3));
        await _host.Configs.InvalidateConfigAsync(TenantId.Parse(_tenant), Configs.Service);
        Assert.Equal(200, await _host.StatusAsync(_tenant));
        Assert.Contains("has a new database pool", _host.Logs.Text, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(running.IsCompleted);

        await DenyAsync();
        _time.Advance(Grace);

        using var response = await running;
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task RunningRequest_WhenCredentialsRotate_IsNotCut()
    {
        var running = await BeginAsync("/query");

        await _host.Pools.CloseAsync(TenantId.Parse(_tenant));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await QueriesAsync());
        await ExecuteAsync("SELECT pg_advisory_unlock(1)");

        using var response = await running;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task RunningRequest_DeniedAgainMeanwhile_KeepsItsFirstDeadline()
    {
        var running = await BeginAsync("/query");
        await DenyAsync();
        _time.Advance(Grace - Instant);

        await _host.Pools.DenyAsync(TenantId.Parse(_tenant));
        _time.Advance(Instant);

        using var response = await running;
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task RunningRequest_WithNoGracePeriod_IsCutAtOnce()
    {
        await using var host = await StartAsync(("MULTI_TENANT_DENIAL_GRACE_SEC", "0"));
        var running = await BeginAsync("/query", host);

        await DenyAsync(host);

        using var response = await running;
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Answer_ThatHasBegun_IsBrokenOff()
    {
        var running = await BeginAsync("/stream", completion: HttpCompletionOption.ResponseHeadersRead);
        using var response = await running;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        await DenyAsync();
        _time.Advance(Grace);

        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Answer_ThatHasBegunWhenItsHandlerFails_IsBrokenOffAndNotEnded()
    {
        var running = await BeginAsync("/stream?fails=true", completion: HttpCompletionOption.ResponseHeadersRead);
        using var response = await running;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await DenyAsync();

        await ExecuteAsync("SELECT pg_advisory_unlock(1)");

        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/deaf")]
    [InlineData("/deaf?begins=true")]
    public async Task Answer_OfAHandlerThatTakesNoNotice_IsARefusal(string path)
    {
        var running = await BeginAsync(path);
        await DenyAsync();
        _time.Advance(Grace);

        _deafGate.SetResult();

        using var response = await running;
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Eventually.HoldsAsync("the report", () => _host.Logs.Text.Contains("was cut", StringComparison.Ordinal));
    }

    /// <summary>The denial arrives after the answer was let go and before its first byte has left: the answer came first.</summary>
    [Theory]
    [InlineData("/late", HttpStatusCode.OK, "answer")]
    [InlineData("/late?kind=empty", HttpStatusCode.NotFound, "")]
    [InlineData("/late?kind=value", HttpStatusCode.OK, """["answer"]""")]
    public async Task Answer_ThatWasLetGoBeforeTheDenial_Arrives(string path, HttpStatusCode status, string content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", _host.Token(_tenant));

        using var response = await _host.Http.SendAsync(request);

        Assert.Equal((status, content), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    private Task<ConsumerHost> StartAsync(params (string Name, string Value)[] settings) => ConsumerHost.StartAsync(
        _manager,
        time: _time,
        settings: settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value, StringComparer.Ordinal),
        endpoints: app => GraceEndpoints.Map(app, _deafGate.Task, () => _host.Pools.DenyAsync(TenantId.Parse(_tenant)).AsTask()));

    /// <summary>Sends a request, and waits until its query waits in the database.</summary>
    private async Task<Task<HttpResponseMessage>> BeginAsync(
        string path, ConsumerHost? host = null, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead, HttpMethod? method = null)
    {
        host ??= _host;
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", host.Token(_tenant));
        var running = host.Http.SendAsync(request, completion);
        await Eventually.BecomesAsync("the queries under way", QueriesAsync, queries => queries == 1);
        return running;
    }

    /// <summary>The tenant-manager denies the tenant, and the next request finds out.</summary>
    private async Task DenyAsync(ConsumerHost? host = null)
    {
        host ??= _host;
        _manager.SetConnections(_tenant, Configs.Service, FakeAnswer.Denied("suspended"));
        await host.Configs.InvalidateConfigAsync(TenantId.Parse(_tenant), Configs.Service);
        Assert.Equal(403, await host.StatusAsync(_tenant));
    }

    /// <summary>The requests that wait in the tenant's database.</summary>
    private async Task<long> QueriesAsync()
    {
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND (wait_event = 'advisory' OR application_name = 'deaf')", _gate);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _gate);
        await command.ExecuteNonQueryAsync();
    }
}
