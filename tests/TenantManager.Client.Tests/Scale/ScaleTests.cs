using System.Globalization;
using System.Text;
using Cache.Core.Coherence;
using Cache.Core.Tiered;
using Npgsql;
using TenantManager.Client.Configuration;
using TenantManager.Client.Databases;
using TenantManager.Client.Revalidation;
using TenantManager.Contracts;
using TenantManager.Contracts.Changes;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.Scale;

/// <summary>docs/scale.md reckons with what the code does: its defaults, its schedules, its connections.</summary>
public sealed class ScaleTests(ValkeyFixture valkey, PostgresFixture postgres) : IClassFixture<ValkeyFixture>, IClassFixture<PostgresFixture>
{
    private const string Update = "UPDATE_SCALE_PAGE";

    [Fact]
    public void Defaults_OnThePage_AreTheCodes()
    {
        var client = new TenantManagerClientOptions();
        var pace = new FeedPace(client.RevalidationInterval);
        var code = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["MULTI_TENANT_MAX_TENANT_POOLS"] = Text(client.MaxTenantPools),
            ["MULTI_TENANT_CONNECTIONS_CHECK_INTERVAL_SEC"] = Text(client.RevalidationInterval.TotalSeconds),
            ["MULTI_TENANT_SLOW_CHECK_INTERVAL_SEC"] = Text(client.SlowRevalidationInterval.TotalSeconds),
            ["MULTI_TENANT_CHANGE_FEED"] = client.FollowsChanges ? "true" : "false",
            ["MULTI_TENANT_CACHE_L1_TTL_SEC"] = Text(client.L1TimeToLive.TotalSeconds),
            ["MULTI_TENANT_CACHE_L2_TTL_SEC"] = Text(client.L2TimeToLive.TotalSeconds),
            ["MULTI_TENANT_POD_HEARTBEAT_SEC"] = Text(client.PodHeartbeat.TotalSeconds),
            ["CACHE_COHERENCE_LEASE_MS"] = Text(new CoherenceOptions().Lease.TotalMilliseconds),
            ["L1Capacity"] = Text(new TieredCacheOptions().L1Capacity),
            ["maxOpenConns"] = Text(PoolSettings.DefaultOpen),
            ["maxIdleConns"] = Text(PoolSettings.DefaultIdle),
            ["a pod's question to the feed, every"] = Text(pace.AfterAnswer(TimeSpan.Zero).TotalSeconds) + " s",
            ["its comparison with the whole list, every"] = $"{Text(pace.UntilCompared(0).TotalSeconds)} to {Text(pace.UntilCompared(1).TotalSeconds)} s",
            ["tenants on a page of that list"] = Text(ChangeFeed.LongestPage),
            ["after a loss of events, each pod asks about"] = $"{Text(Math.Round(500 / ScaleModel.AfterLossWithin(500).TotalSeconds))} tenants/s",
        };

        Assert.Equal(code.OrderBy(one => one.Key, StringComparer.Ordinal), ScalePage.Defaults.OrderBy(one => one.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Figures_OnThePage_AreWhatTheDefaultsComeTo()
    {
        var figures = Figures();
        if (Environment.GetEnvironmentVariable(Update) == "1")
            ScalePage.Write(figures);

        Assert.True(
            ScalePage.Figures == figures,
            $"docs/scale.md has other figures than the defaults come to: {Update}=1 dotnet test tests/TenantManager.Client.Tests --filter Figures_OnThePage, read its text again, and commit it.\n{figures}");
    }

    [Fact]
    public async Task Pod_HoldsFourConnectionsToValkey()
    {
        await using var manager = await FakeTenantManager.CreateAsync();
        await using var host = await ConsumerHost.StartAsync(
            manager, valkey, new Dictionary<string, string?>(StringComparer.Ordinal) { ["CACHE_COHERENCE"] = "tracking", ["MULTI_TENANT_POD_HEARTBEAT_SEC"] = "10" });

        await Eventually.HoldsAsync($"{ScaleModel.ConnectionsPerPod} connections", async () =>
        {
            var clients = ((string)(await valkey.ExecuteAsync("CLIENT", "LIST"))!).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return clients.Count(client => !client.Contains("cmd=client|list", StringComparison.Ordinal)) == ScaleModel.ConnectionsPerPod
                && clients.Any(client => client.Contains(":coherence ", StringComparison.Ordinal))
                && clients.Any(client => client.Contains(":direct ", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task Pool_UsedByOneRequestAtATime_HoldsOneConnection()
    {
        var tenant = TenantId.Parse(Tests.Configs.NewTenant());
        var config = await Tests.Configs.WithDatabaseAsync(postgres, tenant.Value);
        var options = new TenantManagerClientOptions { ServiceName = Tests.Configs.Service, Module = Tests.Configs.Service, ConnectTimeout = TimeSpan.FromSeconds(60) };
        var logs = new LogCollector();
        await using var pools = new TenantPools(options, new TenantPoolOpener(options, [], logs), TimeProvider.System, logs.CreateLogger<TenantPools>());
        await using var lease = await pools.RentAsync(tenant, config, pools.NoteClosings(tenant), CancellationToken.None);
        for (var n = 0; n < 5; n++)
        {
            await using var used = lease!.Database.CreateCommand("SELECT 1");
            await used.ExecuteScalarAsync();
        }

        await using var admin = NpgsqlDataSource.Create(postgres.AdminConnectionString);
        await using var count = admin.CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = $1");
        count.Parameters.Add(new NpgsqlParameter { Value = config.Connection().Database });
        Assert.Equal(1L, await count.ExecuteScalarAsync());
    }

    private static string Figures()
    {
        ScaleModel[] all = [.. new[] { 10, 100, 500 }.SelectMany(_ => new[] { 1_000, 100_000 }, (pods, tenants) => new ScaleModel(pods, tenants))];
        var table = new StringBuilder();
        table.Append("| pods |");
        foreach (var one in all)
            table.Append(CultureInfo.InvariantCulture, $" {Text(one.Pods)} |");
        table.Append("\n|---|---|---|---|---|---|---|\n");
        Row("tenants", one => one.Tenants);
        Row("**Valkey**: memory, MB", one => one.ValkeyBytes / 1e6);
        Row("connections", one => one.ValkeyConnections);
        Row("pushes/s", one => one.PushesPerSecond);
        Row("processor, % of a core", one => one.ValkeyCore * 100);
        Row("events/s that fill its core", one => one.MostEvents);
        Row("telling of a refill of everything, s of its core", one => one.RefillSeconds);
        Row("**Tenant-manager**: requests/s", one => one.ManagerRequests);
        Row("processor with its database's, % of a core", one => one.ManagerCore * 100);
        Row("requests/s without the feed", one => one.ManagerRequestsWithoutFeed);
        Row("**Storms** upon it: feed lost, requests/s for 13 s", one => one.FeedLost);
        Row("Valkey back empty, requests in all, at least", one => one.Different);
        Row("… at most", one => one.Pairs);
        Row("all pods started, pages of the list in all", one => one.StartPages);
        Row("**PostgreSQL**: connections, quiet", one => one.DatabaseConnections(1));
        Row("… held after a busy hour", one => one.DatabaseConnectionsHeld);
        Row("… at most", one => one.DatabaseConnectionsAtMost);
        Row("pods connected to one tenant", one => one.PodsPerTenant);
        return table.ToString();

        void Row(string what, Func<ScaleModel, double> figure)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {what} |");
            foreach (var one in all)
                table.Append(CultureInfo.InvariantCulture, $" {Rounded(figure(one))} |");
            table.Append('\n');
        }
    }

    /// <summary>Two digits that count: nothing here is known better.</summary>
    private static string Rounded(double figure)
    {
        if (figure >= 100)
        {
            var step = Math.Pow(10, Math.Floor(Math.Log10(figure)) - 1);
            return Text(Math.Round(figure / step, MidpointRounding.AwayFromZero) * step);
        }

        return figure.ToString(figure >= 10 ? "0" : figure >= 1 ? "0.#" : "0.##", CultureInfo.InvariantCulture);
    }

    private static string Text(double number) => number.ToString("#,0.###", new NumberFormatInfo { NumberGroupSeparator = " " });
}
