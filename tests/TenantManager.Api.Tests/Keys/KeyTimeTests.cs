using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Api.Tests.Hosting;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests.Keys;

/// <summary>What happens to keys as time passes, in a time that passes when the test says. A state of its own for each test.</summary>
[Collection(ManagerCollection.Name)]
public sealed class KeyTimeTests(ManagerHost host) : IAsyncLifetime
{
    private static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(15);
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private IAsyncDisposable _manager = null!;
    private HttpClient _client = null!;
    private string _state = string.Empty;
    private string _admin = string.Empty;

    public async Task InitializeAsync()
    {
        _state = await host.Postgres.CreateDatabaseAsync();
        var manager = host.CreateFactory(settings: [("ConnectionStrings:tenant-manager", _state)])
            .WithWebHostBuilder(web => web.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(_time)));
        (_manager, _client) = (manager, manager.CreateClient());

        // An administrator's token would not outlive the test's time.
        _admin = (await host.CreateKeyAsync(["admin"], client: _client)).Text;
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _manager.DisposeAsync();
    }

    [Fact]
    public async Task B7_RotatedKey_IsAcceptedForTheOverlap_AndNoLonger()
    {
        var key = await CreateAsync();
        Assert.Equal(200, await StatusAsync(key.Text));
        var rotated = await host.UseAsync(_admin, $"/v1/api-keys/{key.Id}/rotate", HttpMethod.Post, _client, "{\"overlapSeconds\":60}");
        var text = KeyExtensions.Text(rotated, "key");

        Assert.Equal((200, 200), (await StatusAsync(key.Text), await StatusAsync(text)));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal((200, 200), (await StatusAsync(key.Text), await StatusAsync(text)));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((401, 200), (await StatusAsync(key.Text), await StatusAsync(text)));
    }

    [Fact]
    public async Task B7_SecondRotation_DoesNotLengthenTheFirstOverlap()
    {
        var key = await CreateAsync();
        await host.UseAsync(_admin, $"/v1/api-keys/{key.Id}/rotate", HttpMethod.Post, _client, "{\"overlapSeconds\":60}");
        await host.UseAsync(_admin, $"/v1/api-keys/{key.Id}/rotate", HttpMethod.Post, _client, "{\"overlapSeconds\":3600}");

        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(401, await StatusAsync(key.Text));
    }

    [Fact]
    public async Task B7_Key_ThatExpires_IsRefusedFromThatMoment_AndSaysSo()
    {
        var key = await host.CreateKeyAsync(expiresAt: _time.GetUtcNow().AddHours(1), client: _client, apiKey: _admin);
        Assert.Equal(200, await StatusAsync(key.Text));

        _time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        Assert.Equal(200, await StatusAsync(key.Text));
        _time.Advance(TimeSpan.FromSeconds(1));

        var refused = await host.UseAsync(key.Text, client: _client);
        Assert.Equal((401, "UNAUTHORIZED"), (refused.Status, refused.Code));
        Assert.Contains("expired", KeyExtensions.Text(refused, "message"), StringComparison.Ordinal);
        var shown = await host.UseAsync(_admin, $"/v1/api-keys/{key.Id}", client: _client);
        Assert.Equal("expired", shown.Body.GetProperty("key").GetProperty("status").GetString());
        Assert.Equal(409, (await host.UseAsync(_admin, $"/v1/api-keys/{key.Id}/rotate", HttpMethod.Post, _client)).Status);
    }

    [Fact]
    public async Task B7_LastUse_IsWrittenBehindTheCall_AtMostOnceAMinute()
    {
        var key = await CreateAsync();
        var first = Micro(_time.GetUtcNow());
        Assert.Equal(200, await StatusAsync(key.Text));
        Assert.Null(await host.LastUseAsync(key.Id, _state));

        await PassAsync(WriteInterval);
        await Eventually.HoldsAsync("the use is written", async () => await host.LastUseAsync(key.Id, _state) == first);
        await PassAsync(WriteInterval);
        Assert.Equal(200, await StatusAsync(key.Text));
        await PassAsync(WriteInterval);
        await PassAsync(WriteInterval);
        Assert.Equal(first, await host.LastUseAsync(key.Id, _state));

        var second = Micro(_time.GetUtcNow());
        Assert.Equal(200, await StatusAsync(key.Text));
        await PassAsync(WriteInterval);
        await Eventually.HoldsAsync("the next use is written", async () => await host.LastUseAsync(key.Id, _state) == second);
    }

    [Fact]
    public async Task B7_LastUse_IsWrittenWhenTheServiceStops()
    {
        var key = await CreateAsync();
        var used = Micro(_time.GetUtcNow());
        Assert.Equal(200, await StatusAsync(key.Text));

        await _manager.DisposeAsync();

        Assert.Equal(used, await host.LastUseAsync(key.Id, _state));
    }

    /// <summary>Lets time pass when the writer waits for it, and returns when it waits again.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        await Eventually.HoldsAsync("the writer waits", () => _time.IsTiming(WriteInterval));
        _time.Advance(time);
        await Eventually.HoldsAsync("the writer waits again", () => _time.IsTiming(WriteInterval));
    }

    /// <summary>As PostgreSQL keeps it.</summary>
    private static DateTime Micro(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);

    private Task<IssuedKey> CreateAsync() => host.CreateKeyAsync(client: _client, apiKey: _admin);

    private Task<int> StatusAsync(string key) => host.StatusAsync(key, _client);
}
