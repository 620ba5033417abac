using Microsoft.AspNetCore.Mvc.Testing;
using TenantManager.Api.Tests.Hosting;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests;

/// <summary>What becomes of events while the tenant-manager cannot reach Valkey. Each test has a state and a way to Valkey of its own.</summary>
[Collection(ManagerCollection.Name)]
public sealed class EventDeliveryTests(ManagerHost host) : IAsyncLifetime
{
    private const string Ledger = "associations/ledger";
    private readonly string _environment = $"env-{Guid.NewGuid():N}";
    private readonly List<IAsyncDisposable> _opened = [];
    private ValkeyLink _link = null!;
    private EventListener _listener = null!;
    private string _state = string.Empty;

    public async Task InitializeAsync()
    {
        _state = await host.Postgres.CreateDatabaseAsync();
        _opened.Add(_link = new ValkeyLink(host.Valkey));
        _opened.Add(_listener = await EventListener.StartAsync(host.Valkey.ConnectionString, _environment));
    }

    public async Task DisposeAsync()
    {
        foreach (var opened in Enumerable.Reverse(_opened))
            await opened.DisposeAsync();
    }

    [Fact]
    public async Task BoundedDenial_SuspendedWhileValkeyIsOutOfReach_PodsAreToldWhenItIsBack()
    {
        var manager = Start(_link.ConnectionString);
        using var client = manager.CreateClient();
        var (tenant, _) = await host.CreateAssociatedAsync(client: client);
        await using var pod = await Pod.StartAsync(manager, host.Valkey.ConnectionString, _environment);
        Assert.Equal(200, await pod.StatusAsync(tenant));

        _link.Cut();
        await ChangeAsync(client, HttpMethod.Put, tenant, $"{Ledger}/suspend");
        Assert.Equal(200, await pod.StatusAsync(tenant));
        _link.Heal();

        await Eventually.HoldsAsync("the pod denies", async () => await pod.StatusAsync(tenant) == 403);
        await Eventually.HoldsAsync("the event is heard here too", () => _listener.TypesOf(tenant).LastOrDefault() == "tenant.service.suspended");
        await NothingWaitsAsync();
    }

    [Fact]
    public async Task Events_ThatWait_KeepTheirOrder_AndGiveWayToLaterOnesOfTheirKind()
    {
        using var client = Start(_link.ConnectionString).CreateClient();
        var (tenant, _) = await host.CreateAssociatedAsync(client: client);
        _listener.Forget();

        _link.Cut();
        for (var round = 1; round <= 3; round++)
        {
            await ChangeAsync(client, HttpMethod.Put, tenant, $"{Ledger}/suspend");
            await ChangeAsync(client, HttpMethod.Patch, tenant, Ledger, new { maxOpenConns = 10 + round });
            await ChangeAsync(client, HttpMethod.Put, tenant, "reactivate");
        }

        // Two kinds; one that was being sent when the next of its kind came is there besides.
        Assert.InRange(await WaitingAsync(), 2, 3);
        _link.Heal();

        await NothingWaitsAsync();
        await Eventually.HoldsAsync("the last one", () => _listener.TypesOf(tenant).LastOrDefault() == "tenant.service.reactivated");
        Assert.Equal("tenant.connections.updated", _listener.TypesOf(tenant).SkipLast(1).Last());
        Assert.Equal(13, _listener.Of(tenant)[^2].GetProperty("payload").GetProperty("max_open_conns").GetInt32());
    }

    [Fact]
    public async Task Events_ThatWait_OutliveARestart()
    {
        var manager = Start(_link.ConnectionString);
        using var client = manager.CreateClient();
        var tenant = await host.CreateTenantAsync(client);
        _link.Cut();
        await ChangeAsync(client, HttpMethod.Put, tenant, "suspend");
        await manager.DisposeAsync();
        Assert.DoesNotContain("tenant.suspended", _listener.TypesOf(tenant));

        _link.Heal();
        using var restarted = Start(_link.ConnectionString).CreateClient();

        await Eventually.HoldsAsync("the event", () => _listener.TypesOf(tenant).Contains("tenant.suspended"));
        await NothingWaitsAsync();
    }

    [Fact]
    public async Task Events_OfAnInstanceThatCannotSendThem_GoOutBeforeTheNextOneOfAnother()
    {
        using var cutOff = Start(_link.ConnectionString).CreateClient();
        using var sound = Start(host.Valkey.ConnectionString).CreateClient();

        _link.Cut();
        var tenant = await host.CreateTenantAsync(cutOff);
        await ChangeAsync(sound, HttpMethod.Put, tenant, "suspend");

        await Eventually.HoldsAsync("both", () => _listener.Of(tenant).Count >= 2);
        Assert.Equal(["tenant.created", "tenant.suspended"], _listener.TypesOf(tenant));
    }

    private WebApplicationFactory<Program> Start(string valkey)
    {
        var manager = host.CreateFactory(settings:
            [("ConnectionStrings:tenant-manager", _state), ("ConnectionStrings:valkey", valkey), ("ENV_NAME", _environment)]);
        _opened.Add(manager);
        return manager;
    }

    private async Task ChangeAsync(HttpClient client, HttpMethod method, string tenant, string path, object? body = null)
    {
        var answer = await host.SendAsync(method, $"/v1/tenants/{tenant}/{path}", body, client);
        Assert.True(answer.Status == 200, answer.Body.ToString());
    }

    private Task<long> WaitingAsync() => host.CountAsync("waiting_events", _state);

    private Task NothingWaitsAsync() => Eventually.HoldsAsync("nothing waits", async () => await WaitingAsync() == 0);
}
