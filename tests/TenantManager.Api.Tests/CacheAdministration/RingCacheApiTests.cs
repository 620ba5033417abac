using System.Globalization;
using System.Text;
using System.Text.Json;
using Cache.Core.Fencing;
using Cache.Core.Valkey;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Api.Tests.Hosting;
using TenantPlatform.LocalServers;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests.CacheAdministration;

/// <summary>B8 over a ring: what is shown, listed and deleted is that of all its nodes.</summary>
[Collection(ManagerCollection.Name)]
public sealed class RingCacheApiTests(ManagerHost host) : IAsyncLifetime
{
    private const string Password = "ring-password";
    private const int Keys = 120;
    private readonly string _prefix = ValkeyFixture.NewPrefix();
    private IReadOnlyList<ValkeyServer> _nodes = [];

    public async Task InitializeAsync()
    {
        var binary = (await ServerLocator.FindValkeyAsync()).Require();
        _nodes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ValkeyServer.StartAsync(new ValkeyServerOptions { Binary = binary, Password = Password })));
    }

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }

    [Fact]
    public async Task B8_Ring_IsShown_ItsKeysAreListed_AndDeletedByPattern_OverAllNodes()
    {
        await using var manager = host.CreateFactory(settings:
            [("CACHE_MODE", "ring"), ("ConnectionStrings:valkey", string.Join(',', _nodes.Select(Address).Append($"password={Password}")))]);
        using var http = manager.CreateClient();
        await FillAsync(manager.Services.GetRequiredService<ICacheClient>());
        foreach (var node in _nodes)
            Assert.NotEmpty(await KeysOfAsync(node));

        Assert.Equal(_nodes.Select(node => (Address(node), true)).Order(), await ShownAsync(http));
        Assert.Equal(Keys, (await ListedAsync(http)).Distinct(StringComparer.Ordinal).Count());

        var begun = await host.SendAsync(HttpMethod.Delete, $"/cache/pattern?pattern={_prefix}k*&keysPerSecond=20000", client: http);
        Assert.Equal(202, begun.Status);
        var ended = await Eventually.BecomesAsync(
            "the deletion's end",
            () => host.SendAsync(HttpMethod.Get, $"/cache/deletions/{begun.Body.GetProperty("id").GetString()}", client: http),
            shown => shown.Body.GetProperty("status").GetString() != "running");
        Assert.Equal(("done", Keys), (ended.Body.GetProperty("status").GetString(), ended.Body.GetProperty("deleted").GetInt32()));
        foreach (var node in _nodes)
            Assert.Empty(await KeysOfAsync(node));

        // A lost node is shown as what it is; once it is lost to the ring, the others go on without it.
        await _nodes[1].KillAsync();
        Assert.Equal(_nodes.Select(node => (Address(node), node != _nodes[1])).Order(), await ShownAsync(http));
        await Eventually.HoldsAsync("the keys of the others", async () => (await host.SendAsync(HttpMethod.Get, $"/cache/keys?pattern={_prefix}*", client: http)).Status == 200);
    }

    private static string Address(ValkeyServer node) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{node.Port}");

    private async Task<IEnumerable<(string Address, bool IsReachable)>> ShownAsync(HttpClient http)
    {
        var shown = await host.SendAsync(HttpMethod.Get, "/cache", client: http);
        Assert.True(shown.Status == 200, shown.Body.ToString());
        return shown.Body.GetProperty("primaries").EnumerateArray().Select(node => (node.GetProperty("address").GetString()!, node.GetProperty("isReachable").GetBoolean())).Order();
    }

    private async Task<IReadOnlyList<string>> ListedAsync(HttpClient http)
    {
        var found = new List<string>();
        string? cursor = null;
        do
        {
            var page = await host.SendAsync(HttpMethod.Get, $"/cache/keys?pattern={_prefix}*&limit=50{(cursor is null ? "" : $"&cursor={cursor}")}", client: http);
            Assert.True(page.Status == 200, page.Body.ToString());
            found.AddRange(page.Body.GetProperty("items").EnumerateArray().Select(key => key.GetString()!));
            cursor = page.Body.TryGetProperty("nextCursor", out var next) && next.ValueKind == JsonValueKind.String ? next.GetString() : null;
        }
        while (cursor is not null);
        return found;
    }

    private Task FillAsync(ICacheClient client) => Task.WhenAll(Enumerable.Range(0, Keys).Select(n => client.Fence.PutAsync(
        string.Create(CultureInfo.InvariantCulture, $"{_prefix}k{n}"),
        Encoding.UTF8.GetBytes("value"),
        new FencedWrite(Guid.NewGuid().ToString("N"), Revision: null, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10))).AsTask()));

    private async Task<object?[]> KeysOfAsync(ValkeyServer node) => (object?[])(await node.ExecuteAsync(["KEYS", $"{_prefix}k*"]))!;
}
