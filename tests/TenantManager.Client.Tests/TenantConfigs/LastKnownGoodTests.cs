using System.Net;
using System.Security.Cryptography;
using TenantManager.Contracts;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.TenantConfigs;

/// <summary>F9: pods that start while Valkey and the tenant-manager are both away, with a real Valkey that goes and comes.</summary>
public sealed class LastKnownGoodTests(ValkeyFixture valkey, PostgresFixture postgres) : IClassFixture<ValkeyFixture>, IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly string _tenant = Configs.NewTenant();
    private readonly string _prefix = ValkeyFixture.NewPrefix();
    private readonly string _keys = $"k1:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("last-known-good-");
    private FakeTenantManager _manager = null!;

    public async Task InitializeAsync()
    {
        await valkey.EnsureRunningAsync();
        _manager = await FakeTenantManager.CreateAsync();
        _manager.SetConnections(_tenant, Configs.Service, await Configs.WithDatabaseAsync(postgres, _tenant, revision: 7));
    }

    public async Task DisposeAsync()
    {
        await _manager.DisposeAsync();
        await valkey.EnsureRunningAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task OutageServes_BothAwayAtTheStart_ServesItsTenants_AndRefusesTheSuspendedAndTheUnknown()
    {
        var suspended = Configs.NewTenant();
        _manager.SetConnections(suspended, Configs.Service, await Configs.WithDatabaseAsync(postgres, suspended, revision: 3));
        await using (var before = await StartAsync())
        {
            Assert.Equal((200, "fetch"), await AskAsync(before, _tenant));
            Assert.Equal((200, "fetch"), await AskAsync(before, suspended));
            _manager.SetConnections(suspended, Configs.Service, Suspended(4));
            await before.Configs.GetTenantConfigAsync(TenantId.Parse(suspended), Configs.Service, skipCache: true);
        }

        await BothAwayAsync();
        await using var pod = await StartAsync();

        Assert.Equal((200, "last-known-good"), await AskAsync(pod, _tenant));
        Assert.Equal((200, "last-known-good"), await AskAsync(pod, _tenant));
        Assert.Equal(403, (await AskAsync(pod, suspended)).Status);
        Assert.Equal(403, (await AskAsync(pod, suspended)).Status);
        Assert.True((await AskAsync(pod, Configs.NewTenant())).Status >= 500);
        Assert.DoesNotContain(_keys, pod.Logs.Text, StringComparison.Ordinal);
        Assert.Contains(pod.Logs.Lines, line => line.Message.StartsWith("Valkey and the source are both away", StringComparison.Ordinal));
    }

    [Fact]
    public async Task BoundedDenial_SuspendedWhileThePodWasDown_IsRefusedWithTheManagersFirstAnswer()
    {
        await using (var before = await StartAsync())
            await AskAsync(before, _tenant);
        await BothAwayAsync();
        await using var pod = await StartAsync();
        Assert.Equal((200, "last-known-good"), await AskAsync(pod, _tenant));

        _manager.SetConnections(_tenant, Configs.Service, Suspended(8));
        await _manager.StartAsync();

        await RefusedAsync(pod);
        await _manager.StopAsync();
        Assert.Equal(403, (await AskAsync(pod, _tenant)).Status);
    }

    [Fact]
    public async Task BoundedDenial_SuspendedWhileThePodWasDown_IsRefusedWithValkeysFirstAnswer()
    {
        await using (var before = await StartAsync())
            await AskAsync(before, _tenant);
        await BothAwayAsync();
        await using var pod = await StartAsync();
        Assert.Equal((200, "last-known-good"), await AskAsync(pod, _tenant));

        // Another pod learns of it, by a tenant-manager that this one does not reach.
        await using var elsewhere = await FakeTenantManager.CreateAsync();
        elsewhere.SetConnections(_tenant, Configs.Service, Suspended(8));
        await valkey.EnsureRunningAsync();
        await using (var other = await StartAsync(elsewhere, isKept: false))
            await Eventually.HoldsAsync("it lies in Valkey", async () => (await AskAsync(other, _tenant)).Status == 403 && (long)(await valkey.ExecuteAsync("DBSIZE"))! > 0);

        await RefusedAsync(pod);
    }

    [Fact]
    public async Task OutageServes_BothBack_ServedByThemAgain()
    {
        await using (var before = await StartAsync())
            await AskAsync(before, _tenant);
        await BothAwayAsync();
        await using var pod = await StartAsync();
        await AskAsync(pod, _tenant);

        await _manager.StartAsync();
        await Eventually.HoldsAsync("the tenant-manager answers", async () => (await AskAsync(pod, _tenant)).Source is "fetch" or "l1");
        Assert.Equal((200, "l1"), await AskAsync(pod, _tenant));
    }

    [Fact]
    public async Task KeyThatIsGone_ThePodStarts_AndServesWhenSomebodyAnswers()
    {
        await using (var before = await StartAsync())
            await AskAsync(before, _tenant);
        await BothAwayAsync();
        await using var pod = await StartAsync(keys: $"k2:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}");

        Assert.True((await AskAsync(pod, _tenant)).Status >= 500);
        Assert.Contains(pod.Logs.Lines, line => line.Message.Contains("CACHE_LAST_KNOWN_GOOD_ENCRYPTION_KEYS", StringComparison.Ordinal));
        await _manager.StartAsync();
        await Eventually.HoldsAsync("it serves", async () => (await AskAsync(pod, _tenant)).Status == 200);
    }

    private static FakeAnswer Suspended(long revision) =>
        FakeAnswer.Json(new { code = "0131", status = "suspended", revision }) with { Status = HttpStatusCode.Forbidden };

    private static async Task<(int Status, string? Source)> AskAsync(ConsumerHost pod, string tenant)
    {
        using var response = await pod.GetAsync(tenant);
        return ((int)response.StatusCode, response.Headers.TryGetValues("X-Cache-Source", out var values) ? values.Single() : null);
    }

    private Task RefusedAsync(ConsumerHost pod) => Eventually.HoldsAsync("it is refused", async () => (await AskAsync(pod, _tenant)).Status == 403);

    private async Task BothAwayAsync()
    {
        await _manager.StopAsync();
        await valkey.Server.KillAsync();
    }

    private Task<ConsumerHost> StartAsync(FakeTenantManager? manager = null, bool isKept = true, string? keys = null) => ConsumerHost.StartAsync(
        manager ?? _manager,
        valkey,
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["CACHE_LAST_KNOWN_GOOD_PATH"] = isKept ? Path.Combine(_directory.FullName, "snapshot") : null,
            ["CACHE_LAST_KNOWN_GOOD_ENCRYPTION_KEYS"] = isKept ? keys ?? _keys : null,
            ["MULTI_TENANT_CIRCUIT_BREAKER_THRESHOLD"] = "0",
        },
        prefix: _prefix);
}
