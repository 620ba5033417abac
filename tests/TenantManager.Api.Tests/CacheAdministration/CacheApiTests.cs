using System.Globalization;
using System.Text;
using System.Text.Json;
using Cache.Core;
using Cache.Core.Fencing;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Api.Tests.Hosting;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests.CacheAdministration;

/// <summary>B8: cache administration, over a real Valkey that other services' caches fill.</summary>
[Collection(ManagerCollection.Name)]
public sealed class CacheApiTests(ManagerHost host) : IAsyncLifetime
{
    private const string Secret = "a-database-password-in-a-value";
    private readonly string _prefix = ValkeyFixture.NewPrefix();
    private ServiceProvider _services = null!;

    private ICacheClient Client => _services.GetRequiredService<ICacheClient>();

    public Task InitializeAsync()
    {
        _services = new ServiceCollection().AddLogging().AddValkey(new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("ConnectionStrings:valkey", (string?)host.Valkey.ConnectionString)]).Build()).BuildServiceProvider();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _services.DisposeAsync();

    [Fact]
    public async Task B8_Statistics_ShowEveryPrimary_ServicesAndTheirSum()
    {
        var answer = await host.SendAsync(HttpMethod.Get, "/cache");

        Assert.Equal(200, answer.Status);
        var primary = Assert.Single(answer.Body.GetProperty("primaries").EnumerateArray());
        Assert.Equal($"{host.Valkey.Host}:{host.Valkey.Port}", primary.GetProperty("address").GetString());
        Assert.True(primary.GetProperty("isReachable").GetBoolean() && primary.GetProperty("usedBytes").GetInt64() > 0);
        Assert.Equal(["l1", "l2"], answer.Body.GetProperty("total").GetProperty("tiers").EnumerateArray().Select(tier => tier.GetProperty("tier").GetString()));
    }

    [Fact]
    public async Task B8_Keys_AreListedPageByPage_WithoutFences_AndValuesAreNeverShown()
    {
        await FillAsync(120);
        var found = new List<string>();
        string? cursor = null;
        do
        {
            var page = await host.SendAsync(HttpMethod.Get, $"/cache/keys?pattern={_prefix}*&limit=50{(cursor is null ? "" : $"&cursor={cursor}")}");
            Assert.True(page.Status == 200, page.Body.ToString());
            Assert.DoesNotContain(Secret, page.Body.ToString(), StringComparison.Ordinal);
            found.AddRange(page.Body.GetProperty("items").EnumerateArray().Select(key => key.GetString()!));
            cursor = page.Body.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);
        Assert.Equal(120, found.Distinct(StringComparer.Ordinal).Count());

        var all = await host.SendAsync(HttpMethod.Get, "/cache/keys?pattern=*ence:*&limit=1000");
        Assert.DoesNotContain(all.Body.GetProperty("items").EnumerateArray(), key => key.GetString()!.StartsWith("fence:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", "/cache/keys?limit=0", "limit")]
    [InlineData("GET", "/cache/keys?limit=1001", "limit")]
    [InlineData("GET", "/cache/keys?cursor=nonsense", "cursor")]
    [InlineData("GET", "/cache/keys?pattern=", "pattern")]
    [InlineData("DELETE", "/cache/pattern", "pattern")]
    [InlineData("DELETE", "/cache/pattern?pattern=a*&keysPerSecond=0", "keysPerSecond")]
    [InlineData("DELETE", "/cache/pattern?pattern=a*&keysPerSecond=20001", "keysPerSecond")]
    [InlineData("DELETE", "/cache/pattern?pattern=*[!-~", "confirm")]
    [InlineData("DELETE", "/cache/pattern?pattern=*", "confirm")]
    [InlineData("DELETE", "/cache/pattern?pattern=**", "confirm")]
    [InlineData("DELETE", "/cache/pattern?pattern=%3F*", "confirm")]
    [InlineData("DELETE", "/cache/pattern?pattern=*&confirm=yes", "confirm")]
    [InlineData("DELETE", "/cache/keys/fence:%7Ba%7D", "key")]
    [InlineData("DELETE", "/cache/keys/lease:%7Ba%7D", "key")]
    [InlineData("DELETE", "/cache/keys/pods:ledger:1", "key")]
    public async Task B8_WrongRequest_IsRefusedByTheFieldsName(string method, string path, string field)
    {
        var answer = await host.SendAsync(new HttpMethod(method), path);

        Assert.Equal((400, "0009"), (answer.Status, answer.Code));
        Assert.True(answer.Body.GetProperty("fields").TryGetProperty(field, out _), answer.Body.ToString());
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task B8_DeletionThatThereIsNot_Is404(string method)
    {
        Assert.Equal((404, "DELETION_NOT_FOUND"), Of(await host.SendAsync(new HttpMethod(method), "/cache/deletions/0123456789abcdef")));
        Assert.Equal((404, "DELETION_NOT_FOUND"), Of(await host.SendAsync(new HttpMethod(method), "/cache/deletions/..x:alive")));
    }

    [Fact]
    public async Task B8_Key_IsDeletedFromBothTiers_OfAnyServicesPrefix_AndWrittenDown()
    {
        var key = await host.CreateKeyAsync(["admin"]);
        await using var cache = NewCache();
        var value = "old";
        Task<CacheLookup<string>> LookUpAsync() =>
            cache.GetOrFetchAsync("a/b c", value, static (value, _) => ValueTask.FromResult(FetchResult<string>.Found(value))).AsTask();
        await Eventually.HoldsAsync("a channel that proves L1", async () => (await LookUpAsync()).Source == CacheSource.L1);
        value = "new";

        var path = $"/cache/keys/{_prefix}a%2Fb%20c";
        Assert.True(Deleted(await host.UseAsync(key.Text, path, HttpMethod.Delete)));
        Assert.False(Deleted(await host.UseAsync(key.Text, path, HttpMethod.Delete)));

        await Eventually.HoldsAsync("the new value, as soon as Valkey has pushed it", async () => (await LookUpAsync()).Value == "new");
        var lines = (await host.SendAsync(HttpMethod.Get, $"/v1/audit?actor={key.Name}")).Body.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["cache.key.deleted", "cache.key.deleted"], lines.Select(line => line.GetProperty("action").GetString()));
        Assert.All(lines, line => Assert.Equal($"{_prefix}a/b c", line.GetProperty("target").GetString()));
    }

    [Fact]
    public async Task NoResurrection_KeyDeletedWhileAServiceFetchesIt_BringsNothingBack()
    {
        await using var cache = NewCache();
        var gate = new TaskCompletionSource<FetchResult<string>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var fetching = cache.GetOrFetchAsync("k", (gate, asked), static async (state, _) =>
            state.asked.TrySetResult() ? await state.gate.Task : FetchResult<string>.Found("new")).AsTask();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.False(Deleted(await host.SendAsync(HttpMethod.Delete, $"/cache/keys/{_prefix}k")));
        gate.SetResult(FetchResult<string>.Found("old"));
        await fetching;

        // Not stored, but asked for again.
        await using var other = NewCache();
        Assert.Equal("new", (await other.GetOrFetchAsync("k", 0, static (_, _) => ValueTask.FromResult(FetchResult<string>.Found("new")))).Value);
    }

    [Fact]
    public async Task RevocationWins_DeniedKey_StaysDenied_WhenItsKeyIsDeletedByNameAndByPattern()
    {
        await using (var cache = NewCache())
            await cache.GetOrFetchAsync("k", 0, static (_, _) => ValueTask.FromResult(FetchResult<string>.Denied("suspended", 7)));

        await host.SendAsync(HttpMethod.Delete, $"/cache/keys/{_prefix}k");
        await EndedAsync(await host.SendAsync(HttpMethod.Delete, $"/cache/pattern?pattern={_prefix}*"));

        await using var restarted = NewCache();
        var lookup = await restarted.GetOrFetchAsync<string>("k", static _ => throw new HttpRequestException("The source is away."));
        Assert.Equal((FetchOutcome.Denied, "suspended"), (lookup.Outcome, lookup.Result.Status));
        Assert.Equal("suspended", (await Client.Fence.ReadAsync(_prefix + "k", TimeSpan.FromMinutes(1), owner: null, default)).Denial);
    }

    [Fact]
    public async Task B8_DeletionByPattern_IsAccepted_ShownByAnotherInstance_AndWrittenDown()
    {
        await FillAsync(60);
        await Client.SetAsync(_prefix + "~other", "v"u8.ToArray(), TimeSpan.FromMinutes(10));
        await using var other = host.CreateFactory();
        using var there = other.CreateClient();
        var key = await host.CreateKeyAsync(["admin"]);

        // The other instance starts with its first request, which may take longer than a quick deletion.
        Assert.Equal(404, (await host.SendAsync(HttpMethod.Get, $"/cache/deletions/{Guid.NewGuid():N}", client: there)).Status);
        var begun = await host.UseAsync(key.Text, $"/cache/pattern?pattern={_prefix}k*&keysPerSecond=25", HttpMethod.Delete);

        Assert.Equal(202, begun.Status);
        var path = $"/cache/deletions/{begun.Body.GetProperty("id").GetString()}";
        var seen = new List<long>();
        var ended = await Eventually.BecomesAsync(
            "the end",
            async () =>
            {
                var shown = await host.SendAsync(HttpMethod.Get, path, client: there);
                seen.Add(shown.Body.GetProperty("deleted").GetInt64());
                return shown;
            },
            shown => Text(shown, "status") != "running");
        Assert.Equal(("done", 60L), (Text(ended, "status"), ended.Body.GetProperty("deleted").GetInt64()));
        Assert.Contains(seen, deleted => deleted is > 0 and < 60);
        Assert.Equal([_prefix + "~other"], await KeysAsync());
        Assert.Equal((key.Name, $"{_prefix}k*", 25), (Text(ended, "startedBy"), Text(ended, "pattern"), ended.Body.GetProperty("keysPerSecond").GetInt32()));

        // The end is written down by the service itself, after it is shown.
        var id = Text(ended, "id");
        var lines = await Eventually.BecomesAsync("the audit log", () => LinesAsync(id), found => found.Count == 2);
        Assert.Equal(["cache.deletion.started running", "cache.deletion.ended done"], lines.Select(line => $"{Text(line, "action")} {Text(line, "statusAfter")}"));
        Assert.Equal([key.Name, "system"], lines.Select(line => Text(line, "actor")));
        Assert.DoesNotContain(Secret, string.Concat(lines.Select(line => line.ToString())) + ended.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task B8_Deletion_IsCancelledByAnotherInstance_HalfWay()
    {
        await FillAsync(200);
        await using var other = host.CreateFactory();
        using var there = other.CreateClient();
        var begun = await host.SendAsync(HttpMethod.Delete, $"/cache/pattern?pattern={_prefix}k*&keysPerSecond=40");
        var path = $"/cache/deletions/{Text(begun, "id")}";
        await Eventually.HoldsAsync("its beginning", async () => (await host.SendAsync(HttpMethod.Get, path, client: there)).Body.GetProperty("deleted").GetInt64() > 0);

        var cancelled = await host.SendAsync(HttpMethod.Delete, path, client: there);
        Assert.True(Text(cancelled, "status") == "cancelled" || cancelled.Body.GetProperty("isCancelling").GetBoolean(), cancelled.Body.ToString());

        var ended = await EndedAsync(begun);
        Assert.Equal("cancelled", Text(ended, "status"));
        var deleted = ended.Body.GetProperty("deleted").GetInt64();
        Assert.InRange(deleted, 1, 199);
        Assert.Equal(200 - deleted, (await KeysAsync()).Count);

        // Once is enough.
        Assert.Equal("cancelled", Text(await host.SendAsync(HttpMethod.Delete, path), "status"));
        Assert.Equal(["cache.deletion.started", "cache.deletion.cancelled", "cache.deletion.ended"], (await Eventually.BecomesAsync(
            "the audit log", () => LinesAsync(Text(begun, "id")), found => found.Count == 3)).Select(line => Text(line, "action")));
    }

    [Fact]
    public async Task B8_Deletion_WhoseInstanceStops_IsShownAsStopped()
    {
        await FillAsync(200);
        var other = host.CreateFactory();
        using var there = other.CreateClient();
        var begun = await host.SendAsync(HttpMethod.Delete, $"/cache/pattern?pattern={_prefix}k*&keysPerSecond=20", client: there);
        Assert.Equal(202, begun.Status);

        await other.DisposeAsync();

        Assert.Equal("stopped", Text(await EndedAsync(begun), "status"));
    }

    [Fact]
    public async Task B8_MoreThanFourDeletionsAtOnce_AreRefused_UntilOneHasEnded()
    {
        await using var other = host.CreateFactory();
        using var there = other.CreateClient();
        await FillAsync(200);
        var begun = new List<Answer>();
        for (var n = 0; n < 4; n++)
            begun.Add(await host.SendAsync(HttpMethod.Delete, $"/cache/pattern?pattern={_prefix}k*&keysPerSecond=5", client: there));
        Assert.All(begun, one => Assert.Equal(202, one.Status));

        Assert.Equal((409, "INVALID_STATE"), Of(await host.SendAsync(HttpMethod.Delete, $"/cache/pattern?pattern={_prefix}k*", client: there)));

        foreach (var one in begun)
            await host.SendAsync(HttpMethod.Delete, $"/cache/deletions/{Text(one, "id")}", client: there);
        await Eventually.HoldsAsync(
            "a place", async () => (await host.SendAsync(HttpMethod.Delete, $"/cache/pattern?pattern={_prefix}none*", client: there)).Status == 202);
    }

    [Fact]
    public async Task B8_WithoutValkey_Is503_AndNothingIsDeleted()
    {
        await using var link = new ValkeyLink(host.Valkey);
        await using var other = host.CreateFactory(settings: [("ConnectionStrings:valkey", link.ConnectionString), ("CACHE_DIAL_TIMEOUT", "1s"), ("CACHE_READ_TIMEOUT", "1s"), ("CACHE_WRITE_TIMEOUT", "1s")]);
        using var there = other.CreateClient();
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, "/cache/keys", client: there)).Status);
        link.Cut();

        foreach (var (method, path) in new[] { ("GET", "/cache/keys"), ("DELETE", $"/cache/keys/{_prefix}k"), ("DELETE", $"/cache/pattern?pattern={_prefix}*"), ("GET", "/v1/pods") })
            Assert.Equal((503, "SERVICE_UNAVAILABLE"), Of(await host.SendAsync(new HttpMethod(method), path, client: there)));
    }

    private static (int Status, string? Code) Of(Answer answer) => (answer.Status, answer.Code);

    private static string Text(Answer answer, string name) => Text(answer.Body, name);

    private static string Text(JsonElement body, string name) => body.GetProperty(name).GetString()!;

    private static bool Deleted(Answer answer)
    {
        Assert.True(answer.Status == 200, answer.Body.ToString());
        return answer.Body.GetProperty("deleted").GetBoolean();
    }

    private async Task<Answer> EndedAsync(Answer begun)
    {
        Assert.True(begun.Status == 202, begun.Body.ToString());
        return await Eventually.BecomesAsync(
            "the deletion's end", () => host.SendAsync(HttpMethod.Get, $"/cache/deletions/{Text(begun, "id")}"), shown => Text(shown, "status") != "running");
    }

    /// <summary>The lines of a deletion, in the order in which they were written.</summary>
    private async Task<List<JsonElement>> LinesAsync(string id) =>
        [.. (await host.SendAsync(HttpMethod.Get, "/v1/audit?limit=100")).Body.GetProperty("items").EnumerateArray()
            .Where(line => line.TryGetProperty("target", out var target) && target.GetString()!.StartsWith(id, StringComparison.Ordinal)).Reverse()];

    private async Task FillAsync(int count) => await Task.WhenAll(Enumerable.Range(0, count).Select(n => Client.Fence.PutAsync(
        string.Create(CultureInfo.InvariantCulture, $"{_prefix}k{n}"),
        Encoding.UTF8.GetBytes(Secret),
        new FencedWrite(Guid.NewGuid().ToString("N"), Revision: null, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10))).AsTask()));

    private async Task<List<string>> KeysAsync()
    {
        var keys = new List<string>();
        await foreach (var key in Client.ScanAsync(_prefix + "*"))
            keys.Add(key);
        return keys;
    }

    /// <summary>Another service's cache, which coherence keeps right.</summary>
    private CacheOfAService NewCache() => new(host.Valkey.ConnectionString, _prefix);

    private sealed class CacheOfAService : IAsyncDisposable
    {
        private readonly ServiceProvider _services;

        public CacheOfAService(string valkey, string prefix) => _services = new ServiceCollection()
            .AddLogging()
            .AddValkey(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("ConnectionStrings:valkey", (string?)valkey)]).Build())
            .AddTieredCache(options => options.KeyPrefix = prefix)
            .BuildServiceProvider();

        private TieredCache Cache => _services.GetRequiredService<TieredCache>();

        public ValueTask<CacheLookup<T>> GetOrFetchAsync<T>(string key, Func<CancellationToken, ValueTask<FetchResult<T>>> fetch) =>
            GetOrFetchAsync(key, fetch, static (fetch, stop) => fetch(stop));

        public ValueTask<CacheLookup<T>> GetOrFetchAsync<TState, T>(string key, TState state, Func<TState, CancellationToken, ValueTask<FetchResult<T>>> fetch) =>
            Cache.GetOrFetchAsync(key, state, fetch);

        public ValueTask DisposeAsync() => _services.DisposeAsync();
    }
}
