using System.Text;
using TenantManager.Api.Tests.Hosting;
using TenantManager.Api.Tests.Keys;

namespace TenantManager.Api.Tests.Guards;

/// <summary>B7: changes with an idempotency key take effect once.</summary>
[Collection(ManagerCollection.Name)]
public sealed class IdempotencyTests(ManagerHost host)
{
    private readonly string _key = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task B7_ConcurrentDuplicates_OverTwoInstances_CreateOneTenant()
    {
        await using var other = host.CreateFactory();
        using var client = other.CreateClient();
        var tenant = ManagerHost.NewTenant();
        var before = await host.CountAsync("tenants");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => CreateAsync(n % 2 == 0 ? host.Anonymous : client, tenant)));
        var again = await CreateAsync(client, tenant);

        Assert.Equal(before + 1, await host.CountAsync("tenants"));
        Assert.All(answers, answer => Assert.Contains(answer.Answer.Status, new[] { 201, 409 }));
        Assert.All(answers.Where(answer => answer.Answer.Status == 409), answer => Assert.Equal("IDEMPOTENCY_IN_FLIGHT", answer.Answer.Code));
        Assert.True(again.Headers.IsReplayed());
        var created = answers.Single(answer => answer.Answer.Status == 201 && !answer.Headers.IsReplayed());
        Assert.Equal(created.Answer.Body.GetRawText(), again.Answer.Body.GetRawText());
        Assert.Equal(created.Headers.Location, again.Headers.Location);
    }

    [Fact]
    public async Task B7_Refused_GivesTheKeyBack_AndAnotherRequestWithAUsedKeyIs422()
    {
        Assert.Equal(400, (await CreateAsync(host.Anonymous, new { name = "no owner" })).Answer.Status);
        Assert.Equal(201, (await CreateAsync(host.Anonymous, ManagerHost.NewTenant())).Answer.Status);

        var other = await CreateAsync(host.Anonymous, ManagerHost.NewTenant());

        Assert.Equal((422, "IDEMPOTENCY_KEY_REUSED"), (other.Answer.Status, other.Answer.Code));
    }

    /// <summary>The answer to this call holds a key's text; it is replayed to who has created it, and lies in Valkey sealed.</summary>
    [Fact]
    public async Task B7_CreatedApiKey_IsReplayedToItsCreatorAlone_AndIsNotToBeReadInValkey()
    {
        var body = new { name = $"key-{_key}", scopes = new[] { "read" } };
        var first = await GuardCalls.CallAsync(host.Anonymous, HttpMethod.Post, "/v1/api-keys", body, _key, token: ManagerHost.AdminToken);
        var text = KeyExtensions.Text(first.Answer, "key");

        var again = await GuardCalls.CallAsync(host.Anonymous, HttpMethod.Post, "/v1/api-keys", body, _key, token: ManagerHost.AdminToken);
        Assert.Equal((201, text, true), (again.Answer.Status, KeyExtensions.Text(again.Answer, "key"), again.Headers.IsReplayed()));
        Assert.True(again.Headers.CacheControl!.NoStore);

        // Every service may hold a key of the environment: without the administrator's token it opens nothing that he was told.
        var service = await GuardCalls.CallAsync(host.Anonymous, HttpMethod.Post, "/v1/api-keys", body, _key);
        var noAdministrator = await GuardCalls.CallAsync(host.Anonymous, HttpMethod.Post, "/v1/api-keys", body, _key, token: ManagerHost.Token(("scope", "other")));
        var another = await GuardCalls.CallAsync(
            host.Anonymous, HttpMethod.Post, "/v1/api-keys", body, _key, token: ManagerHost.Token(("scope", "tenant-manager:admin"), ("sub", "somebody else")));
        Assert.Equal((401, 403, 409), (service.Answer.Status, noAdministrator.Answer.Status, another.Answer.Status));
        Assert.Equal("API_KEY_NAME_TAKEN", another.Answer.Code);

        // What lies there is long enough to be the answer, so it was there to be found.
        Assert.Contains(await DumpAsync("idempotency:*"), record => record.Value.Length > text.Length && record.Key.StartsWith("idempotency:bootstrap", StringComparison.Ordinal) && record.Key.EndsWith(_key, StringComparison.Ordinal));
        foreach (var (key, value) in await DumpAsync("*"))
        {
            foreach (var secret in new[] { text, text[20..], body.name, ManagerHost.ApiKey })
                Assert.False((key + value).Contains(secret, StringComparison.Ordinal), $"A secret is in {key[..Math.Min(20, key.Length)]}");
        }
    }

    [Fact]
    public async Task B7_KeysOfTheState_HaveTheirOwnKeys()
    {
        var (one, two) = (await host.CreateKeyAsync(["write"]), await host.CreateKeyAsync(["write"]));
        var tenant = ManagerHost.NewTenant();

        var first = await GuardCalls.CallAsync(host.Anonymous, HttpMethod.Post, "/v1/tenants", tenant, _key, one.Text);
        var replayed = await GuardCalls.CallAsync(host.Anonymous, HttpMethod.Post, "/v1/tenants", tenant, _key, one.Text);
        var other = await GuardCalls.CallAsync(host.Anonymous, HttpMethod.Post, "/v1/tenants", tenant, _key, two.Text);
        await host.RevokeAsync(one.Id);
        var revoked = await GuardCalls.CallAsync(host.Anonymous, HttpMethod.Post, "/v1/tenants", tenant, _key, one.Text);

        Assert.Equal((201, true), (replayed.Answer.Status, replayed.Headers.IsReplayed()));
        Assert.Equal((409, "SLUG_TAKEN"), (other.Answer.Status, other.Answer.Code));
        Assert.Equal((201, 401), (first.Answer.Status, revoked.Answer.Status));
    }

    [Fact]
    public async Task B7_ValkeyAway_ChangesWithAKeyAreRefused_AndOthersGoOn()
    {
        await using var link = new ValkeyLink(host.Valkey);
        await using var manager = host.CreateFactory(settings: [("ConnectionStrings:valkey", link.ConnectionString), ("CACHE_READ_TIMEOUT", "1s"), ("CACHE_WRITE_TIMEOUT", "1s")]);
        using var client = manager.CreateClient();
        Assert.Equal(201, (await CreateAsync(client, ManagerHost.NewTenant())).Answer.Status);
        var before = await host.CountAsync("tenants");
        link.Cut();

        var with = await GuardCalls.CallAsync(client, HttpMethod.Post, "/v1/tenants", ManagerHost.NewTenant(), $"{_key}-2", token: ManagerHost.AdminToken);
        var without = await GuardCalls.CallAsync(client, HttpMethod.Post, "/v1/tenants", ManagerHost.NewTenant(), token: ManagerHost.AdminToken);

        Assert.Equal((503, "SERVICE_UNAVAILABLE", 201), (with.Answer.Status, with.Answer.Code, without.Answer.Status));
        Assert.Equal(before + 1, await host.CountAsync("tenants"));
    }

    private Task<(Answer Answer, System.Net.Http.Headers.HttpResponseHeaders Headers)> CreateAsync(HttpClient client, object tenant) =>
        GuardCalls.CallAsync(client, HttpMethod.Post, "/v1/tenants", tenant, _key, token: ManagerHost.AdminToken);

    private async Task<List<(string Key, string Value)>> DumpAsync(string pattern)
    {
        var found = new List<(string, string)>();
        foreach (var key in ((IReadOnlyList<object?>)(await host.Valkey.ExecuteAsync("KEYS", pattern))!).Cast<string>())
        {
            var value = await host.Valkey.ExecuteAsync("TYPE", key) is "string" ? await host.Valkey.ExecuteAsync("GET", key) : null;
            found.Add((key, value as string ?? (value is byte[] bytes ? Encoding.Latin1.GetString(bytes) : string.Empty)));
        }

        return found;
    }
}
