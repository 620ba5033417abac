using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using TenantManager.Client.Configuration;
using TenantManager.Client.Databases;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.Databases;

/// <summary>Pools of a real PostgreSQL: opened once, swapped, drained, bounded, and never given out after a closing.</summary>
public sealed class TenantPoolsTests : IClassFixture<PostgresFixture>, IAsyncDisposable
{
    private readonly PostgresFixture _postgres;
    private readonly FakeTimeProvider _time = new();
    private readonly LogCollector _logs = new();
    private readonly GatedInitializer _initializer = new();
    private readonly TenantManagerClientOptions _options = new() { ServiceName = Configs.Service, Module = Configs.Service, ConnectTimeout = TimeSpan.FromSeconds(60) };
    private readonly TenantPools _pools;
    private readonly TenantId _tenant = TenantId.Parse(Configs.NewTenant());

    public TenantPoolsTests(PostgresFixture postgres)
    {
        _postgres = postgres;
        _options.MaxTenantPools = 2;
        _pools = new TenantPools(_options, new TenantPoolOpener(_options, [_initializer], _logs), _time, _logs.CreateLogger<TenantPools>());
    }

    public ValueTask DisposeAsync() => _pools.DisposeAsync();

    [Fact]
    public async Task Rent_ByManyAtOnce_OpensAndInitializesOnce()
    {
        var config = await ConfigAsync();
        var gate = new TaskCompletionSource();
        _initializer.Gate = gate.Task;
        var rents = Enumerable.Range(0, 20).Select(_ => RentAsync(config)).ToList();
        await Eventually.HoldsAsync("the initializer", () => _initializer.Runs == 1);
        Assert.All(rents, rent => Assert.False(rent.IsCompleted));
        gate.SetResult();

        var leases = await Task.WhenAll(rents);
        Assert.Single(leases.Select(lease => lease!.Database).Distinct());
        Assert.Equal(1, _initializer.Runs);
    }

    [Fact]
    public async Task Rent_InitializerFails_IsUnavailableAndTriedAgainLater()
    {
        var config = await ConfigAsync();
        _initializer.Failure = new InvalidOperationException("migration-secret");
        var failure = await Assert.ThrowsAsync<TenantDatabaseUnavailableException>(() => RentAsync(config));
        Assert.DoesNotContain("migration-secret", failure.Message, StringComparison.Ordinal);
        Assert.False(_pools.IsConnected(_tenant));

        _initializer.Failure = null;
        Assert.NotNull(await RentAsync(config));
    }

    [Fact]
    public async Task Rent_Waiters_ShareOneFailure()
    {
        var config = await ConfigAsync();
        var gate = new TaskCompletionSource();
        _initializer.Gate = gate.Task;
        _initializer.Failure = new InvalidOperationException("no");
        var rents = Enumerable.Range(0, 10).Select(_ => RentAsync(config)).ToList();
        await Eventually.HoldsAsync("the initializer", () => _initializer.Runs == 1);
        gate.SetResult();
        foreach (var rent in rents)
            await Assert.ThrowsAsync<TenantDatabaseUnavailableException>(() => rent);
        Assert.Equal(1, _initializer.Runs);
    }

    [Fact]
    public async Task Close_WithALease_DrainsBeforeItCloses()
    {
        var config = await ConfigAsync();
        var lease = (await RentAsync(config))!;
        await _pools.CloseAsync(_tenant);
        Assert.False(_pools.IsConnected(_tenant));
        Assert.Equal(1, await SelectOneAsync(lease.Database));

        await lease.DisposeAsync();
        await lease.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => SelectOneAsync(lease.Database));
    }

    [Fact]
    public async Task Rent_WithANoteFromBeforeAClosing_IsRefused()
    {
        var config = await ConfigAsync();
        var note = _pools.NoteClosings(_tenant);
        await _pools.CloseAsync(_tenant);
        Assert.Null(await RentAsync(config, note));
        Assert.NotNull(await RentAsync(config));
    }

    [Fact]
    public async Task AMillionTenants_TakeNoPlacesForEver_AndWhatIsInUseStays()
    {
        var lease = (await RentAsync(await ConfigAsync()))!;
        for (var n = 0; n < 1_000_000; n++)
        {
            await _pools.DenyAsync(TenantId.Parse(string.Create(CultureInfo.InvariantCulture, $"tenant-{n}")));
            if (n % 1000 == 0)
                Assert.InRange(_pools.Places, 1, 2048);
        }

        Assert.True(_pools.IsConnected(_tenant));
        Assert.Equal(1, await SelectOneAsync(lease.Database));
    }

    [Fact]
    public async Task Rent_WithANoteFromBeforeAClosing_IsRefused_AlsoAfterThePlaceWasForgotten()
    {
        var config = await ConfigAsync();
        var beforeAnyPlace = _pools.NoteClosings(_tenant);
        await _pools.CloseAsync(_tenant);
        var afterTheClosing = _pools.NoteClosings(_tenant);
        for (var n = 0; _pools.NoteClosings(_tenant) == afterTheClosing; n++)
            await _pools.CloseAsync(TenantId.Parse(string.Create(CultureInfo.InvariantCulture, $"tenant-{n}")));

        Assert.Null(await RentAsync(config, beforeAnyPlace));
        Assert.Null(await RentAsync(config, afterTheClosing));
        Assert.NotNull(await RentAsync(config));
    }

    [Fact]
    public async Task Close_WhileOpening_KeepsThePoolOut()
    {
        var config = await ConfigAsync();
        var gate = new TaskCompletionSource();
        _initializer.Gate = gate.Task;
        var rent = RentAsync(config);
        await Eventually.HoldsAsync("the initializer", () => _initializer.Runs == 1);
        await _pools.CloseAsync(_tenant);
        gate.SetResult();

        Assert.Null(await rent);
        Assert.False(_pools.IsConnected(_tenant));
    }

    [Fact]
    public async Task Apply_ChangedDatabase_OpensTheNewPoolFirstAndDrainsTheOld()
    {
        var old = (await RentAsync(await ConfigAsync()))!;
        var changed = await ConfigAsync(revision: 2);
        var gate = new TaskCompletionSource();
        _initializer.Gate = gate.Task;
        var applying = ApplyAsync(changed);
        await Eventually.HoldsAsync("the new pool opening", () => _initializer.Runs == 2);
        Assert.Equal(1, await SelectOneAsync(old.Database));
        gate.SetResult();
        await applying;

        await using var current = (await RentAsync(changed))!;
        Assert.Equal(changed.Connection().Database, await DatabaseAsync(current.Database));
        Assert.Equal(1, await SelectOneAsync(old.Database));
        await old.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => SelectOneAsync(old.Database));
    }

    [Fact]
    public async Task Apply_UnreachableDatabase_KeepsTheOldPoolForRequestsToo()
    {
        var config = await ConfigAsync();
        await using var old = (await RentAsync(config))!;
        var broken = Configs.Unreachable(_tenant.Value, revision: 2);
        await ApplyAsync(broken);

        await using var lease = (await RentAsync(broken))!;
        Assert.Same(old.Database, lease.Database);
        Assert.Contains(_logs.Lines, line => line.Level == LogLevel.Warning && line.Message.Contains("the old pool stays", StringComparison.Ordinal));
        Assert.DoesNotContain("unreachable-secret", _logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rent_RefusedDatabase_IsTriedAgainAfterAnInterval()
    {
        await using var old = (await RentAsync(await ConfigAsync()))!;
        var changed = await ConfigAsync(revision: 2);
        _initializer.Failure = new InvalidOperationException("not yet");
        await using (var lease = (await RentAsync(changed))!)
            Assert.Same(old.Database, lease.Database);
        Assert.Equal(2, _initializer.Runs);

        _initializer.Failure = null;
        await using (var lease = (await RentAsync(changed))!)
            Assert.Same(old.Database, lease.Database);
        Assert.Equal(2, _initializer.Runs);

        _time.Advance(_options.RevalidationInterval);
        await using (var lease = (await RentAsync(changed))!)
            Assert.NotSame(old.Database, lease.Database);
    }

    [Fact]
    public async Task Apply_ChangedLimits_AreApplied()
    {
        var config = await ConfigAsync();
        await using (await RentAsync(config))
        {
        }

        await ApplyAsync(config.WithLimits(revision: 2, open: 3, statementTimeout: "1234ms"));
        await using var lease = (await RentAsync(config.WithLimits(revision: 2, open: 3, statementTimeout: "1234ms")))!;
        Assert.Equal(3, new NpgsqlConnectionStringBuilder(lease.Database.ConnectionString).MaxPoolSize);
        await using var command = lease.Database.CreateCommand("SHOW statement_timeout");
        Assert.Equal("1234ms", await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Rent_OlderRevision_NeverReplacesANewerPool()
    {
        var older = await ConfigAsync(revision: 1);
        await using var newer = (await RentAsync(await ConfigAsync(revision: 2)))!;
        await using var lease = (await RentAsync(older))!;
        Assert.Same(newer.Database, lease.Database);
    }

    [Fact]
    public async Task Rent_WithoutRevisions_SwapsOnChangedSettingsOnly()
    {
        var first = Configs.For(_tenant.Value, new NpgsqlConnectionStringBuilder(await _postgres.CreateDatabaseAsync()), revision: null);
        var same = Configs.For(_tenant.Value, first.Connection(), revision: null);
        await using var one = (await RentAsync(first))!;
        await using var two = (await RentAsync(same))!;
        await using var three = (await RentAsync(first.WithLimits(revision: null, open: 4)))!;
        Assert.Same(one.Database, two.Database);
        Assert.NotSame(one.Database, three.Database);
    }

    [Fact]
    public async Task Rent_BeyondTheBound_EvictsTheLeastRecentlyUsedIdlePool()
    {
        var (a, b, c) = (await TenantAsync(), await TenantAsync(), await TenantAsync());
        foreach (var tenant in new[] { a, b, a })
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await (await RentAsync(tenant))!.DisposeAsync();
        }

        _time.Advance(_options.PoolIdleTimeout);
        await using var lease = await RentAsync(c);
        Assert.Equal(new[] { a.Id, c.Id }.Order(StringComparer.Ordinal), _pools.Connected.Select(tenant => tenant.Value).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(_logs.Lines, line => line.Message.Contains("MULTI_TENANT_MAX_TENANT_POOLS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rent_BeyondTheBound_EvictsAWarmIdlePoolWithAWarning()
    {
        var (a, b, c) = (await TenantAsync(), await TenantAsync(), await TenantAsync());
        using var crowded = new CrowdedPools("closed");
        await using var held = await RentAsync(a);
        await (await RentAsync(b))!.DisposeAsync();
        Assert.Equal(0, crowded.Count);
        await using var lease = await RentAsync(c);
        Assert.Equal(1, crowded.Count);
        Assert.False(_pools.IsConnected(TenantId.Parse(b.Id)));
        Assert.Contains(_logs.Lines, line => line.Message.Contains("MULTI_TENANT_MAX_TENANT_POOLS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rent_AllPoolsInUse_IsUnavailableAndClosesNone()
    {
        var (a, b, c) = (await TenantAsync(), await TenantAsync(), await TenantAsync());
        await using var first = (await RentAsync(a))!;
        await using var second = (await RentAsync(b))!;
        using var crowded = new CrowdedPools("refused");
        await Assert.ThrowsAsync<TenantDatabaseUnavailableException>(() => RentAsync(c));
        Assert.Equal(1, crowded.Count);
        Assert.Equal(1, await SelectOneAsync(first.Database));
        Assert.Equal(1, await SelectOneAsync(second.Database));
    }

    [Fact]
    public async Task Rent_ManyTenantsAtOnce_NeverExceedsTheBound()
    {
        var tenants = new List<TenantConfig>();
        for (var i = 0; i < 6; i++)
            tenants.Add(await TenantAsync());
        var gate = new TaskCompletionSource();
        _initializer.Gate = gate.Task;
        var rents = tenants.Select(tenant => RentAsync(tenant)).ToList();
        await Eventually.HoldsAsync("the refusals", () => rents.Count(rent => rent.IsFaulted) == 4);
        gate.SetResult();
        await Task.WhenAny(Task.WhenAll(rents), Task.Delay(TimeSpan.FromSeconds(60)));
        Assert.Equal(2, rents.Count(rent => rent.IsCompletedSuccessfully));
        Assert.Equal(2, _pools.Connected.Count);
        Assert.Equal(2, _initializer.Runs);
    }

    [Fact]
    public async Task Leases_UnderClosingsAndSwaps_NeverMeetAClosedPool()
    {
        var seed = Environment.TickCount;
        var configs = new[] { await ConfigAsync(revision: 1), await ConfigAsync(revision: 2) };
        using var stop = new CancellationTokenSource();
        var users = Enumerable.Range(0, 6).Select(user => Task.Run(async () =>
        {
            var random = new Random(seed + user);
            var served = 0;
            while (!stop.IsCancellationRequested)
            {
                await using var lease = await RentAsync(configs[random.Next(2)]);
                if (lease is not null)
                {
                    Assert.Equal(1, await SelectOneAsync(lease.Database));
                    served++;
                }
            }

            return served;
        })).ToList();
        for (var i = 0; i < 25; i++)
        {
            await Task.Yield();
            await ApplyAsync(configs[i % 2]);
            await _pools.CloseAsync(_tenant);
            await using var lease = await RentAsync(configs[i % 2]);
        }

        await stop.CancelAsync();
        Assert.True((await Task.WhenAll(users)).Sum() > 0, $"seed {seed}");
    }

    private async Task<TenantConfig> ConfigAsync(long revision = 1) => await Configs.WithDatabaseAsync(_postgres, _tenant.Value, revision);

    private Task<TenantConfig> TenantAsync() => Configs.WithDatabaseAsync(_postgres, Configs.NewTenant());

    private async Task<PoolLease?> RentAsync(TenantConfig config, long? note = null)
    {
        var tenant = TenantId.Parse(config.Id);
        return await _pools.RentAsync(tenant, config, note ?? _pools.NoteClosings(tenant), CancellationToken.None);
    }

    private async Task ApplyAsync(TenantConfig config) => await _pools.ApplyAsync(_tenant, config, _pools.NoteClosings(_tenant), CancellationToken.None);

    private static async Task<int> SelectOneAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("SELECT 1");
        return (int)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<string> DatabaseAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("SELECT current_database()");
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
