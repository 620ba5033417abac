using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Cache.Core;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using TenantManager.Api.Secrets;
using TenantManager.Api.Security;
using TenantManager.Api.Tests.Hosting;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests.Secrets;

/// <summary>B7, the secrets cache: asked once, sealed in Valkey or not there at all, gone with a rotation, and never in a rotation's way.</summary>
[Collection(ManagerCollection.Name)]
public sealed class SecretCacheTests(ManagerHost host) : IAsyncLifetime
{
    private static readonly (string, string) Keys = ("CACHE_ENCRYPTION_KEYS", $"k1:{Convert.ToBase64String(Encoding.UTF8.GetBytes("0123456789abcdef0123456789abcdef"))}");
    private readonly List<IAsyncDisposable> _opened = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var opened in Enumerable.Reverse(_opened))
            await opened.DisposeAsync();
    }

    [Fact]
    public async Task B7_Secret_IsReadOnce_ForAllInstances_AndLiesInValkeyEncrypted()
    {
        var (first, store) = Start(Keys);
        var (second, otherStore) = Start(Keys);
        var (tenant, config) = await host.CreateAssociatedAsync(client: first.CreateClient());
        var password = PasswordOf(config);

        var again = await host.ConnectionsAsync(tenant, client: first.CreateClient());
        var elsewhere = await host.ConnectionsAsync(tenant, client: second.CreateClient());

        Assert.Equal((password, password), (PasswordOf(again.Body), PasswordOf(elsewhere.Body)));
        Assert.Equal((1, 0), (store.ReadsOf($"{tenant}/ledger"), otherStore.ReadsOf($"{tenant}/ledger")));
        var value = Assert.Single(await InValkeyAsync(first, tenant)).Value;
        Assert.Equal((0xC4, 0x45), (value[0], value[1]));
        Assert.DoesNotContain(password, Encoding.Latin1.GetString(value), StringComparison.Ordinal);
        Assert.DoesNotContain(password, host.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task B7_WithoutKeys_SecretsStayInTheProcess_AndThatIsSaidOnce()
    {
        var logs = new LogCollector();
        var (manager, store) = Start(logs: logs);
        using var client = manager.CreateClient();
        var (tenant, config) = await host.CreateAssociatedAsync(client: client);

        Assert.Equal(PasswordOf(config), PasswordOf((await host.ConnectionsAsync(tenant, client: client)).Body));

        Assert.Equal(1, store.ReadsOf($"{tenant}/ledger"));
        Assert.Empty(await InValkeyAsync(manager, tenant));
        Assert.Single(logs.Lines, line => line.Message.Contains("secrets of tenants are cached in this process only", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NotModified_ReadsNoSecret()
    {
        var (tenant, _) = await host.CreateAssociatedAsync();
        var tag = (await host.ConnectionsAsync(tenant)).ETag!;
        var (manager, store) = Start(Keys);
        using var client = manager.CreateClient();

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/tenants/{tenant}/associations/ledger/connections");
        request.Headers.Add("X-API-Key", ManagerHost.ApiKey);
        request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        using var response = await client.SendAsync(request);

        Assert.Equal(304, (int)response.StatusCode);
        Assert.Equal(0, store.ReadsOf($"{tenant}/ledger"));
        await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/suspend", client: client);
        Assert.Equal(403, (await host.ConnectionsAsync(tenant, client: client)).Status);
        Assert.Equal(0, store.ReadsOf($"{tenant}/ledger"));
    }

    /// <summary>No time passes in the other instance, and its entry would live for minutes: nothing but the push can take it out.</summary>
    [Theory]
    [InlineData(true, "rotate")]
    [InlineData(true, "purge")]
    [InlineData(true, "delete")]
    [InlineData(false, "rotate")]
    [InlineData(false, "purge")]
    public async Task B7_RotationAndPurge_TakeTheSecretOutOfEveryInstance(bool hasKeys, string change)
    {
        var (first, _) = Start(hasKeys ? Keys : null);
        var (second, _) = Start(hasKeys ? Keys : null, time: new FakeTimeProvider(DateTimeOffset.UtcNow));
        using var client = first.CreateClient();
        var (tenant, _) = await host.CreateAssociatedAsync(client: client);
        using var other = second.CreateClient();
        var key = await KeyAsync(tenant);
        await Eventually.HoldsAsync("both hold it", async () =>
        {
            Assert.Equal((200, 200), ((await host.ConnectionsAsync(tenant, client: client)).Status, (await host.ConnectionsAsync(tenant, client: other)).Status));
            return IsInL1(first, key) && IsInL1(second, key);
        });

        var path = $"/v1/tenants/{tenant}/associations/ledger";
        var answer = change switch
        {
            "rotate" => await host.SendAsync(HttpMethod.Post, $"{path}/credentials/rotate", client: client),
            "purge" => await host.SendAsync(HttpMethod.Delete, path, client: client),
            _ => await host.SendAsync(HttpMethod.Delete, $"/v1/tenants/{tenant}?grace=0", client: client),
        };

        Assert.InRange(answer.Status, 200, 202);
        await Eventually.HoldsAsync("no instance holds it", () => !IsInL1(first, key) && !IsInL1(second, key));
        await Eventually.HoldsAsync("Valkey does not either", async () => !(await InValkeyAsync(first, tenant)).ContainsKey(SecretCache.KeyPrefix + key));
    }

    /// <summary>The race that caches lose: a slow read of the old secret, overtaken by the rotation.</summary>
    [Fact]
    public async Task NoResurrection_SlowReadOfTheOldSecret_IsAnsweredUnderTheOldRevision_AndKeptNowhere()
    {
        var (tenant, before) = await host.CreateAssociatedAsync();
        var (manager, store) = Start(Keys);
        using var client = manager.CreateClient();
        var key = await KeyAsync(tenant);
        var gate = store.Gate = new Gate();
        var slow = host.ConnectionsAsync(tenant, client: client);
        await gate.ReachedAsync();

        Assert.Equal(200, (await host.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/associations/ledger/credentials/rotate")).Status);
        store.Gate = null;
        var fresh = (await host.ConnectionsAsync(tenant, client: client)).Body;
        gate.Open();
        var late = (await slow).Body;

        Assert.Equal((Revision(before), PasswordOf(before)), (Revision(late), PasswordOf(late)));
        Assert.Equal(Revision(before) + 1, Revision(fresh));
        Assert.NotEqual(PasswordOf(before), PasswordOf(fresh));
        Assert.Equal(await StoredPasswordAsync(manager, tenant), PasswordOf(fresh));
        Assert.False(IsInL1(manager, key));
        Assert.DoesNotContain(SecretCache.KeyPrefix + key, (await InValkeyAsync(manager, tenant)).Keys);
        Assert.Equal(PasswordOf(fresh), PasswordOf((await host.ConnectionsAsync(tenant, client: client)).Body));
    }

    [Fact]
    public async Task Rotations_UnderLoad_OneRevisionHasOnePassword_InEveryInstance()
    {
        var (first, _) = Start(Keys);
        var (second, _) = Start(Keys);
        using var client = first.CreateClient();
        var (tenant, before) = await host.CreateAssociatedAsync(client: client);
        using var stop = new CancellationTokenSource();
        var told = new ConcurrentQueue<(long Revision, string Password)>();
        var readers = new[] { client, second.CreateClient(), second.CreateClient() }.Select(reader => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var body = (await host.ConnectionsAsync(tenant, client: reader)).Body;
                told.Enqueue((Revision(body), PasswordOf(body)));
            }
        })).ToArray();
        var right = new Dictionary<long, string> { [Revision(before)] = PasswordOf(before) };
        for (var n = 1; n <= 6; n++)
        {
            await host.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/associations/ledger/credentials/rotate", client: client);
            right[Revision(before) + n] = await StoredPasswordAsync(first, tenant);
            var seen = told.Count;
            await Eventually.HoldsAsync("readers go on", () => told.Count > seen + 5);
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Equal(7, right.Values.Distinct(StringComparer.Ordinal).Count());
        Assert.All(told, one => Assert.Equal(right[one.Revision], one.Password));
        Assert.Contains(told, one => one.Revision == Revision(before) + 6);
        await using var source = NpgsqlDataSource.Create(ManagerHost.ConnectionString((await host.ConnectionsAsync(tenant, client: client)).Body));
        await using var command = source.CreateCommand("select 1");
        Assert.Equal(1, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task CacheNeverFails_ValkeyAway_SecretsAreReadFromTheStore_AndARotationHolds()
    {
        var link = Opened(new ValkeyLink(host.Valkey));
        var (manager, _) = Start(Keys, valkey: link.ConnectionString);
        using var client = manager.CreateClient();
        var (tenant, config) = await host.CreateAssociatedAsync(client: client);

        link.Cut();

        Assert.Equal(PasswordOf(config), PasswordOf((await host.ConnectionsAsync(tenant, client: client)).Body));
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/associations/ledger/credentials/rotate", client: client)).Status);
        Assert.Equal(await StoredPasswordAsync(manager, tenant), PasswordOf((await host.ConnectionsAsync(tenant, client: client)).Body));
    }

    private (WebApplicationFactory<Program> Manager, GatedSecretStore Store) Start(
        (string, string)? keys = null, TimeProvider? time = null, LogCollector? logs = null, string? valkey = null)
    {
        var settings = new List<(string, string)>();
        if (keys is { } set)
            settings.Add(set);
        if (valkey is not null)
            settings.Add(("ConnectionStrings:valkey", valkey));
        GatedSecretStore? store = null;
        var manager = Opened(Opened(host.CreateFactory(settings: settings)).WithWebHostBuilder(web =>
        {
            if (logs is not null)
                web.ConfigureLogging(logging => logging.AddProvider(logs));
            web.ConfigureTestServices(services =>
            {
                if (time is not null)
                    services.AddSingleton(time);
                services.AddSingleton<ISecretStore>(provider => store = new GatedSecretStore(new StateSecretStore(provider.GetRequiredService<SecretProtector>())));
            });
        }));
        manager.Services.GetRequiredService<ISecretStore>();
        return (manager, store!);
    }

    private static string PasswordOf(JsonElement config) =>
        config.GetProperty("databases").GetProperty("ledger").GetProperty("postgresql").GetProperty("password").GetString()!;

    private static long Revision(JsonElement config) => config.GetProperty("revision").GetInt64();

    private static bool IsInL1(WebApplicationFactory<Program> manager, string key) =>
        manager.Services.GetRequiredKeyedService<TieredCache>(SecretCache.ServiceKey).TryPeekL1<CachedSecret>(key, out _);

    private static async Task<Dictionary<string, byte[]>> InValkeyAsync(WebApplicationFactory<Program> manager, string tenant)
    {
        var client = manager.Services.GetRequiredService<ICacheClient>();
        var found = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await foreach (var key in client.ScanAsync($"{SecretCache.KeyPrefix}{tenant}/*"))
        {
            if (await client.GetAsync(key) is { Length: > 0 } value)
                found[key] = value;
        }

        return found;
    }

    private async Task<byte[]> StoredAsync(string tenant)
    {
        await using var source = NpgsqlDataSource.Create(host.StateConnectionString);
        await using var command = source.CreateCommand("select password from associations where tenant_id = $1 and service = 'ledger'");
        command.Parameters.AddWithValue(tenant);
        return (byte[])(await command.ExecuteScalarAsync())!;
    }

    private async Task<string> KeyAsync(string tenant) => new SecretReference($"{tenant}/ledger", await StoredAsync(tenant)).CacheKey;

    private async Task<string> StoredPasswordAsync(WebApplicationFactory<Program> manager, string tenant) =>
        manager.Services.GetRequiredService<SecretProtector>().Unprotect(await StoredAsync(tenant), $"{tenant}/ledger");

    private T Opened<T>(T opened)
        where T : IAsyncDisposable
    {
        _opened.Add(opened);
        return opened;
    }
}
