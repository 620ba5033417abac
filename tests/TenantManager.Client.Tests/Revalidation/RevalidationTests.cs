using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using TenantManager.Client.Revalidation;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.Revalidation;

/// <summary>Revalidation in the background (A7), in time that moves only when a test says so.</summary>
public sealed class RevalidationTests(ValkeyFixture valkey, PostgresFixture postgres)
    : IClassFixture<ValkeyFixture>, IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RevalidationTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly string _tenant = Configs.NewTenant();
    private readonly string _prefix = ValkeyFixture.NewPrefix();
    private FakeTenantManager _manager = null!;
    private ConsumerHost _host = null!;
    private TenantConfig _config = null!;

    public async Task InitializeAsync()
    {
        _manager = await FakeTenantManager.CreateAsync();
        _host = await ConsumerHost.StartAsync(_manager, valkey, time: _time, prefix: _prefix);
        _config = await Configs.WithDatabaseAsync(postgres, _tenant);
        _manager.SetConnections(_tenant, Configs.Service, _config);
        Assert.Equal(200, await _host.StatusAsync(_tenant));
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _manager.DisposeAsync();
    }

    [Fact]
    public async Task Round_ConnectedTenant_IsAskedForOncePerIntervalPastTheCache()
    {
        for (var round = 1; round <= 3; round++)
        {
            var began = _time.GetTimestamp();
            await RoundAsync();
            Assert.Equal(round, _manager.Calls.Count(call => call.SkipsCache));

            // The first comes at the tenant's own place in the interval, which is anywhere in it; from there on it is one interval.
            Assert.InRange(_time.GetElapsedTime(began).TotalSeconds, round == 1 ? 0 : 10, 50);
        }
    }

    [Fact]
    public async Task Round_UnconnectedTenant_IsNotAskedFor()
    {
        var other = Configs.NewTenant();
        _manager.SetConnections(other, Configs.Service, await Configs.WithDatabaseAsync(postgres, other));
        await _host.Configs.GetTenantConfigAsync(TenantId.Parse(other), Configs.Service);
        await RoundAsync();
        Assert.Equal(1, _manager.ConnectionCalls(other, Configs.Service));
    }

    [Theory]
    [InlineData("suspended", 403)]
    [InlineData("purged", 403)]
    [InlineData(null, 403)]
    [InlineData("404", 404)]
    public async Task BoundedDenial_AnswerIsNoLongerFound_ClosesPoolAndClearsBothTiers(string? status, int expected)
    {
        _manager.SetConnections(_tenant, Configs.Service, status == "404" ? FakeAnswer.NotFound() : FakeAnswer.Denied(status));
        Assert.Equal(200, await _host.StatusAsync(_tenant));

        await RoundAsync();
        await Eventually.HoldsAsync("closed", () => !_host.Pools.IsConnected(TenantId.Parse(_tenant)));

        Assert.Equal(0L, await valkey.ExecuteAsync("EXISTS", Key));
        Assert.Equal(expected, await _host.StatusAsync(_tenant));
        Assert.False(_host.Pools.IsConnected(TenantId.Parse(_tenant)));
    }

    [Fact]
    public async Task RevocationWins_EntryComesBackToL2_IsNotUsed()
    {
        _manager.SetConnections(_tenant, Configs.Service, FakeAnswer.Denied("suspended"));
        await RoundAsync();
        await Eventually.HoldsAsync("closed", () => !_host.Pools.IsConnected(TenantId.Parse(_tenant)));

        // As when L2 was away at the time of the denial, or another pod's late answer filled it again.
        await valkey.ExecuteAsync("SET", Key, System.Text.Json.JsonSerializer.Serialize(_config, ContractJson.Options));
        Assert.Equal(403, await _host.StatusAsync(_tenant));

        await valkey.ExecuteAsync("SET", Key, System.Text.Json.JsonSerializer.Serialize(_config, ContractJson.Options));
        await _manager.StopAsync();
        Assert.Equal(403, await _host.StatusAsync(_tenant));

        // Its answer is the last one known, also when it is time to ask again and nobody answers.
        _time.Advance(Recheck);
        var request = _host.StatusAsync(_tenant);
        await _host.LetTimePassAsync(request); // retries wait
        Assert.Equal(403, await request);
        Assert.Contains(_host.Logs.Lines, line => line.Message.Contains("could not be resolved", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Denial_Lifted_ServesAgainFromTheCache()
    {
        _manager.SetConnections(_tenant, Configs.Service, FakeAnswer.Denied("suspended"));
        await RoundAsync();
        await Eventually.HoldsAsync("closed", () => !_host.Pools.IsConnected(TenantId.Parse(_tenant)));
        Assert.Equal(403, await _host.StatusAsync(_tenant));

        // No event tells of it.
        _manager.SetConnections(_tenant, Configs.Service, _config);
        _time.Advance(Recheck);
        Assert.Equal(200, await _host.StatusAsync(_tenant));
        _manager.ClearCalls();
        Assert.Equal(200, await _host.StatusAsync(_tenant));
        Assert.Empty(_manager.Calls);
    }

    [Fact]
    public async Task Denial_LeftInL2ByAnotherPod_IsNotBelievedForEver()
    {
        await _host.Configs.InvalidateConfigAsync(TenantId.Parse(_tenant), Configs.Service);
        _manager.SetConnections(_tenant, Configs.Service, FakeAnswer.Denied("suspended"));

        // In time of its own: a host passes some while it stops, and that would make this one revalidate.
        await using (var other = await ConsumerHost.StartAsync(_manager, valkey, time: new FakeTimeProvider(), prefix: _prefix))
            Assert.Equal(403, await other.StatusAsync(_tenant));

        // This pod heard of the suspension, but nobody asked it for the tenant; of the reactivation it does not hear.
        _host.Services.GetRequiredService<Revocations>().Add(TenantId.Parse(_tenant));
        _manager.SetConnections(_tenant, Configs.Service, _config);
        Assert.Equal(200, await _host.StatusAsync(_tenant));
    }

    [Fact]
    public async Task Denial_MetByARequest_ClosesThePoolToo()
    {
        await _host.Configs.InvalidateConfigAsync(TenantId.Parse(_tenant), Configs.Service);
        _manager.SetConnections(_tenant, Configs.Service, FakeAnswer.Denied("suspended"));
        Assert.Equal(403, await _host.StatusAsync(_tenant));
        Assert.False(_host.Pools.IsConnected(TenantId.Parse(_tenant)));
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task OutageServes_UselessAnswer_ServesOn(HttpStatusCode status)
    {
        _manager.Override = FakeAnswer.Error(status);
        await RoundAsync();
        Assert.Equal(200, await _host.StatusAsync(_tenant));
    }

    [Fact]
    public async Task OutageServes_ManagerGone_ServesOn()
    {
        await _manager.StopAsync();
        for (var round = 0; round < 3; round++)
        {
            _time.Advance(Interval);
            Assert.Equal(200, await _host.StatusAsync(_tenant));
        }

        Assert.True(_host.Pools.IsConnected(TenantId.Parse(_tenant)));
    }

    [Fact]
    public async Task OutageServes_ManagerHangs_GivesUpAfterFiveSecondsAndServesOn()
    {
        _manager.Override = FakeAnswer.Hang();
        await RoundAsync();
        _time.Advance(RevalidationTimeout);
        await Eventually.HoldsAsync("the report", () => _host.Logs.Lines.Any(line => line.Message.Contains("could not be revalidated", StringComparison.Ordinal)));
        Assert.Equal(200, await _host.StatusAsync(_tenant));

        _manager.Override = FakeAnswer.Denied("suspended");
        await RoundAsync();
        await Eventually.HoldsAsync("closed", () => !_host.Pools.IsConnected(TenantId.Parse(_tenant)));
    }

    [Fact]
    public async Task Round_ChangedDatabase_SwapsWithoutTraffic()
    {
        var changed = await Configs.WithDatabaseAsync(postgres, _tenant, revision: 2);
        _manager.SetConnections(_tenant, Configs.Service, changed);
        await RoundAsync();
        await Eventually.HoldsAsync("the swap", () => Swaps == 1);
        using var response = await _host.GetAsync(_tenant);
        Assert.Equal(changed.Connection().Database, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Round_RotatedPassword_SwapsAndHidesBoth()
    {
        var admin = new NpgsqlConnectionStringBuilder(postgres.AdminConnectionString);
        var role = $"r{Guid.NewGuid():N}";
        await using var source = NpgsqlDataSource.Create(postgres.AdminConnectionString);
        await ExecuteAsync(source, $"CREATE ROLE {role} LOGIN PASSWORD 'first-secret'");
        admin.Username = role;
        admin.Password = "first-secret";
        _manager.SetConnections(_tenant, Configs.Service, Configs.For(_tenant, admin, revision: 2));
        await RoundAsync();
        await Eventually.HoldsAsync("the first swap", () => Swaps == 1);

        await ExecuteAsync(source, $"ALTER ROLE {role} PASSWORD 'second-secret'");
        admin.Password = "second-secret";
        _manager.SetConnections(_tenant, Configs.Service, Configs.For(_tenant, admin, revision: 3));
        await RoundAsync();

        await Eventually.HoldsAsync("the second swap", () => Swaps == 2);
        Assert.Equal(200, await _host.StatusAsync(_tenant));
        Assert.DoesNotContain("first-secret", _host.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("second-secret", _host.Logs.Text, StringComparison.Ordinal);
    }

    private int Questions => _manager.Calls.Count(call => call.SkipsCache);

    private int Swaps => _host.Logs.Lines.Count(line => line.Message.Contains("has a new database pool", StringComparison.Ordinal));

    private bool IsRevalidating => _time.IsTiming(RevalidationTimeout);

    /// <summary>One writer of rubbish must not have every pod open every tenant's connections anew.</summary>
    [Fact]
    public async Task Round_RevisionThatTheManagerNeverGave_GivesWay_AndThePoolStays()
    {
        var forged = Configs.NewTenant();
        var config = await Configs.WithDatabaseAsync(postgres, forged);
        await ConnectByForgedAsync(forged, config, config.Connection());
        var pool = _host.Pools.Find(TenantId.Parse(forged));

        await RoundAsync();
        await Eventually.HoldsAsync("the revision has gone", () => Repeating(() => _host.Pools.RevisionOf(TenantId.Parse(forged)) == config.Revision));

        Assert.Same(pool, _host.Pools.Find(TenantId.Parse(forged)));
        Assert.Equal(200, await _host.StatusAsync(forged));
        Assert.Contains(_host.Logs.Lines, line => line.Message.Contains("never given; its database is the same", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Round_DatabaseThatTheManagerNeverGave_GivesWayWithItsPool()
    {
        var (forged, other) = (Configs.NewTenant(), Configs.NewTenant());
        var config = await Configs.WithDatabaseAsync(postgres, forged);
        await ConnectByForgedAsync(forged, config, (await Configs.WithDatabaseAsync(postgres, other)).Connection());

        await RoundAsync();
        await Eventually.HoldsAsync("the pool has gone", () => Repeating(() => !_host.Pools.IsConnected(TenantId.Parse(forged))));

        Assert.Equal(200, await _host.StatusAsync(forged));
        Assert.Equal(config.Revision, _host.Pools.RevisionOf(TenantId.Parse(forged)));
        Assert.Contains(_host.Logs.Lines, line => line.Message.Contains("never given; its next request connects anew", StringComparison.Ordinal));
    }

    /// <summary>A call that this machine let fail is repeated after a pause.</summary>
    private bool Repeating(Func<bool> condition)
    {
        _time.Advance(TimeSpan.FromMilliseconds(50));
        return condition();
    }

    /// <summary>Somebody writes a configuration into L2 that claims to be newer than everything, and a request connects by it.</summary>
    private async Task ConnectByForgedAsync(string tenant, TenantConfig given, NpgsqlConnectionStringBuilder database)
    {
        _manager.SetConnections(tenant, Configs.Service, given);
        await valkey.ExecuteAsync("SET", KeyOf(tenant), System.Text.Json.JsonSerializer.Serialize(Configs.For(tenant, database, revision: 999_999_999), ContractJson.Options));
        Assert.Equal(200, await _host.StatusAsync(tenant));
        Assert.Equal(999_999_999, _host.Pools.RevisionOf(TenantId.Parse(tenant)));
    }

    private string Key => KeyOf(_tenant);

    private string KeyOf(string tenant) => $"{_prefix}tenant-connections:{tenant}:{Configs.Service}";

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// Lets an interval pass and its jitter after it, and waits until the tenant-manager has been asked. From the moment the
    /// revalidation begins time stands still: its limits are for the tenant-manager, not for the machine that runs the test.
    /// </summary>
    private async Task RoundAsync()
    {
        await Eventually.HoldsAsync("the end of the last revalidation", () => !IsRevalidating);
        var asked = Questions;

        // Off the test's own context: what a timer sets off then begins before the call that advanced the time returns.
        await Task.Run(() => Eventually.HoldsAsync("the revalidation", () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return IsRevalidating || Questions > asked;
        }));
        await Eventually.HoldsAsync("the question", () => Questions > asked);
    }
}
