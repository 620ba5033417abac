using System.Globalization;
using System.Text.Json;
using Npgsql;
using TenantManager.Api.Changes;
using TenantManager.Api.Storage;
using TenantManager.Api.Tests.Hosting;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests;

/// <summary>The change feed. Each test has a service of its own, so that what others change is none of its business.</summary>
[Collection(ManagerCollection.Name)]
public sealed class ChangesTests(ManagerHost host)
{
    private const long Years = 1_700_000_000_000;
    private readonly string _service = $"s{Guid.NewGuid():N}"[..20];

    [Fact]
    public async Task Ask_WithoutACursor_ListsEveryTenantOfTheService_AndNobodyElses()
    {
        var (served, _) = await host.CreateAssociatedAsync(_service);
        var (suspended, _) = await host.CreateAssociatedAsync(_service);
        await host.CreateAssociatedAsync(); // of another service
        await SuspendAsync(suspended);

        var page = await AskAsync();

        Assert.True(page.Reset);
        Assert.False(page.More);
        Assert.Equal([(served, null), (suspended, "suspended")], page.Changes.Select(change => (change.Tenant, change.Status)));
        Assert.All(page.Changes, change => Assert.True(change.Revision > 1));
    }

    [Fact]
    public async Task Change_IsToldOnce_WithTheRevisionThatTheConnectionsCallTells()
    {
        var (tenant, config) = await host.CreateAssociatedAsync(_service);
        var cursor = (await AskAsync()).Cursor;
        await SuspendAsync(tenant);
        await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/reactivate");
        await SuspendAsync(tenant);

        var page = await AskAsync(cursor);

        var change = Assert.Single(page.Changes);
        var denied = await host.ConnectionsAsync(tenant, _service);
        Assert.Equal((tenant, "suspended", denied.Body.GetProperty("revision").GetInt64()), (change.Tenant, change.Status, change.Revision));
        Assert.True(change.Revision > config.GetProperty("revision").GetInt64());
        Assert.False(page.Reset);
        Assert.Empty((await AskAsync(page.Cursor)).Changes);
    }

    [Fact]
    public async Task Pages_AreBounded_AndTellOfEveryTenantOnce()
    {
        var tenants = new List<string>();
        for (var n = 0; n < 5; n++)
            tenants.Add((await host.CreateAssociatedAsync(_service, "schema")).Tenant);

        var seen = new List<string>();
        var page = await AskAsync(more: "&limit=2");
        Assert.True(page.Reset);
        while (true)
        {
            Assert.InRange(page.Changes.Count, 1, 2);
            seen.AddRange(page.Changes.Select(change => change.Tenant));
            if (!page.More)
                break;
            page = await AskAsync(page.Cursor, "&limit=2");
            Assert.False(page.Reset);
        }

        Assert.Equal(tenants, seen);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("AAAA")]
    [InlineData("")]
    [InlineData("%00")]
    public async Task Reset_CursorThatCannotBeRead_BeginsFromTheBeginning(string cursor)
    {
        var (tenant, _) = await host.CreateAssociatedAsync(_service);
        var page = await AskAsync(cursor);
        Assert.True(page.Reset);
        Assert.Equal(tenant, Assert.Single(page.Changes).Tenant);
    }

    [Fact]
    public async Task Reset_CursorOfAnotherState_OrAheadOfThisOne_BeginsFromTheBeginning()
    {
        await host.CreateAssociatedAsync(_service);
        var present = ChangeCursor.TryParse((await AskAsync()).Cursor)!.Value;

        Assert.True((await AskAsync((present with { Epoch = Guid.NewGuid() }).ToString())).Reset);
        Assert.True((await AskAsync((present with { Position = long.MaxValue }).ToString())).Reset);
        Assert.False((await AskAsync(present.ToString())).Reset);
    }

    /// <summary>Pods hold what they were told after the backup against any lower revision: the restored state could suspend nobody.</summary>
    [Fact]
    public async Task StateWasRestored_EveryRevisionIsPastWhatPodsCanKnow_AndCursorsBeginAnew()
    {
        var state = await NewStateAsync();
        await using var restored = host.CreateFactory(settings: [("ConnectionStrings:tenant-manager", state)]);
        using var client = restored.CreateClient();
        var (tenant, config) = await host.CreateAssociatedAsync(_service, client: client);
        var known = config.GetProperty("revision").GetInt64();
        var cursor = (await AskAsync(client: client)).Cursor;
        await using var source = NpgsqlDataSource.Create(state);
        await using var connection = await source.OpenConnectionAsync();

        await ExecuteAsync(connection, $"select {RestoredStateMigration.Function}()");

        var page = await AskAsync(cursor, client: client);
        Assert.True(page.Reset);
        var revision = Assert.Single(page.Changes).Revision;
        Assert.True(revision > known + Years, $"{revision} is no jump.");
        foreach (var table in new[] { "reference_sets", "reference_entries" })
            Assert.Equal(0, await host.CountAsync($"{table} where revision <= {Years}", state));

        // And changes are told as before.
        await ExecuteAsync(connection, Bump(tenant));
        Assert.Equal(revision + 1, Assert.Single((await AskAsync(page.Cursor, client: client)).Changes).Revision);

        // The same backup once more: its revisions are past those of the first time.
        await ExecuteAsync(connection, $"update tenants set revision = {known}");
        await ExecuteAsync(connection, $"select {RestoredStateMigration.Function}()");
        Assert.True(Assert.Single((await AskAsync(page.Cursor, client: client)).Changes).Revision > revision + 1);
    }

    [Theory]
    [InlineData("service=UPPER", "INVALID_SERVICE")]
    [InlineData("", "INVALID_SERVICE")]
    [InlineData("service=ledger&wait=31", "0009")]
    [InlineData("service=ledger&wait=-1", "0009")]
    [InlineData("service=ledger&wait=x", "0009")]
    [InlineData("service=ledger&limit=0", "0009")]
    [InlineData("service=ledger&limit=1001", "0009")]
    public async Task Ask_Badly_IsRefusedWithTheReason(string query, string code)
    {
        var answer = await host.SendAsync(HttpMethod.Get, $"/v1/changes?{query}");
        Assert.Equal((400, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Ask_WithoutAKey_IsRefused() =>
        Assert.Equal(401, (await host.SendRawAsync(HttpMethod.Get, "/v1/changes?service=ledger", body: null, apiKey: null)).Status);

    [Fact]
    public async Task Wait_EndsWhenSomethingChanges_AndNotWhenItIsAnotherServices()
    {
        var (tenant, _) = await host.CreateAssociatedAsync(_service);
        var cursor = (await AskAsync()).Cursor;
        var asking = AskAsync(cursor, "&wait=30");

        var (other, _) = await host.CreateAssociatedAsync();
        Assert.False(asking.IsCompleted);
        await SuspendAsync(other, "ledger");
        await SuspendAsync(tenant);

        var change = Assert.Single((await asking.WaitAsync(TimeSpan.FromSeconds(20))).Changes);
        Assert.Equal(tenant, change.Tenant);
    }

    [Fact]
    public async Task Wait_EndsWhenAnotherInstanceChangesSomething()
    {
        var (tenant, _) = await host.CreateAssociatedAsync(_service);
        using var other = host.CreateFactory().CreateClient();
        var cursor = (await AskAsync(client: other)).Cursor;
        var asking = AskAsync(cursor, "&wait=30", other);
        await SuspendAsync(tenant);
        Assert.Equal(tenant, Assert.Single((await asking.WaitAsync(TimeSpan.FromSeconds(20))).Changes).Tenant);
    }

    [Fact]
    public async Task Wait_Over_AnswersNothing_AndHowFreshThatIs()
    {
        await host.CreateAssociatedAsync(_service);
        var cursor = (await AskAsync()).Cursor;
        var page = await AskAsync(cursor, "&wait=2.5");
        Assert.Empty(page.Changes);
        Assert.False(page.Reset);

        // It was looked again meanwhile, once a second.
        Assert.InRange(page.ReadAfterMs, 500, 60_000);
    }

    [Fact]
    public async Task Wait_EndsWhenTheServiceStops()
    {
        await host.CreateAssociatedAsync(_service);
        var stopping = host.CreateFactory();
        using var client = stopping.CreateClient();
        var cursor = (await AskAsync(client: client)).Cursor;
        using var waiting = new MeterReading("TenantManager.Api", "tenant.feed.waiting");
        var asking = AskAsync(cursor, "&wait=30", client);
        await Eventually.HoldsAsync("it waits", () => waiting.Sum > 0);

        await stopping.DisposeAsync();

        Assert.Same(asking, await Task.WhenAny(asking, Task.Delay(TimeSpan.FromSeconds(20))));
    }

    /// <summary>Two changes under way at once: whoever has read the later one never misses the earlier one.</summary>
    [Fact]
    public async Task Feed_ChangeThatIsCommittedLate_IsNotSkipped()
    {
        var (first, _) = await host.CreateAssociatedAsync(_service);
        var (second, _) = await host.CreateAssociatedAsync(_service);
        var cursor = (await AskAsync()).Cursor;
        await using var source = NpgsqlDataSource.Create(host.StateConnectionString);
        await using var slow = await source.OpenConnectionAsync();
        await using var fast = await source.OpenConnectionAsync();
        await using var underWay = await slow.BeginTransactionAsync();
        await ExecuteAsync(slow, Bump(first));

        // The other change began later. It waits for its place behind the first one, or there would be a gap to skip over.
        var other = ExecuteAsync(fast, Bump(second));
        await Eventually.HoldsAsync("it waits for the first", async () => await host.CountAsync("pg_stat_activity where wait_event_type = 'Lock' and query like '%update tenants%'") > 0);
        var early = await AskAsync(cursor);
        Assert.Empty(early.Changes);
        await underWay.CommitAsync();
        await other;

        var page = await AskAsync(early.Cursor);
        Assert.Equal([first, second], page.Changes.Select(change => change.Tenant));
    }

    [Fact]
    public async Task Feed_ConcurrentChangesOfManyTenants_AReaderThatFollowsMissesNone()
    {
        var tenants = new List<string>();
        for (var n = 0; n < 4; n++)
            tenants.Add((await host.CreateAssociatedAsync(_service, "schema")).Tenant);
        var cursor = (await AskAsync()).Cursor;
        await using var source = NpgsqlDataSource.Create(host.StateConnectionString);
        var changing = Task.WhenAll(tenants.Select(tenant => Task.Run(async () =>
        {
            await using var connection = await source.OpenConnectionAsync();
            for (var n = 0; n < 50; n++)
                await ExecuteAsync(connection, Bump(tenant));
        })));

        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        var last = false;
        while (true)
        {
            var page = await AskAsync(cursor, "&limit=2");
            Assert.False(page.Reset);
            foreach (var change in page.Changes)
            {
                Assert.True(change.Revision > seen.GetValueOrDefault(change.Tenant));
                seen[change.Tenant] = change.Revision;
            }

            cursor = page.Cursor;
            if (last && page.Changes.Count == 0)
                break;
            last = changing.IsCompleted;
        }

        await changing;
        foreach (var tenant in tenants)
            Assert.Equal((await host.ConnectionsAsync(tenant, _service)).Body.GetProperty("revision").GetInt64(), seen[tenant]);
    }

    [Fact]
    public async Task Feed_ManyWhoWait_ShareOneLookAtTheState()
    {
        await host.CreateAssociatedAsync(_service);
        await using var quiet = host.CreateFactory(settings: [("ConnectionStrings:tenant-manager", await NewStateAsync())]);
        using var client = quiet.CreateClient();
        using var reads = new MeterReading("TenantManager.Api", "tenant.feed.reads");
        var cursor = (await AskAsync(client: client)).Cursor;
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => AskAsync(cursor, "&wait=3", client)));

        // Fewer than one for each who asks and far fewer than one a second for each: who comes together shares.
        Assert.InRange(reads.Sum, 1, 250);
    }

    private async Task<string> NewStateAsync() => await host.Postgres.CreateDatabaseAsync();

    private static string Bump(string tenant) => string.Create(CultureInfo.InvariantCulture, $"update tenants set revision = revision + 1 where id = '{tenant}'");

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task SuspendAsync(string tenant, string? service = null) =>
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/associations/{service ?? _service}/suspend")).Status);

    private async Task<Contracts.Changes.ChangePage> AskAsync(string? cursor = null, string more = "", HttpClient? client = null)
    {
        var since = cursor is null ? string.Empty : $"&since={cursor}";
        var answer = await host.SendRawAsync(HttpMethod.Get, $"/v1/changes?service={_service}{since}{more}", body: null, token: null, client: client);
        Assert.True(answer.Status == 200, answer.Body.ToString());
        return answer.Body.Deserialize<Contracts.Changes.ChangePage>(Contracts.ContractJson.Options)!;
    }
}
