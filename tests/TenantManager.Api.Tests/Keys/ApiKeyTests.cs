using System.Text.Json;
using TenantManager.Api.Keys;
using TenantManager.Api.Tests.Hosting;

namespace TenantManager.Api.Tests.Keys;

/// <summary>A key's life, endpoint by endpoint.</summary>
[Collection(ManagerCollection.Name)]
public sealed class ApiKeyTests(ManagerHost host)
{
    [Fact]
    public async Task B7_Key_IsCreated_ToldOnce_Shown_AndOpens()
    {
        var expires = DateTimeOffset.UtcNow.AddDays(1);

        var key = await host.CreateKeyAsync(["read", "service"], expiresAt: expires);

        Assert.Matches("^tp_[0-9a-f]{16}_[0-9a-f]{72}$", key.Text);
        Assert.StartsWith($"tp_{key.Id}_", key.Text, StringComparison.Ordinal);
        var shown = await host.SendAsync(HttpMethod.Get, $"/v1/api-keys/{key.Id}");
        Assert.Equal(200, shown.Status);
        var body = shown.Body.GetProperty("key");
        Assert.Equal((key.Name, "active", "bootstrap", 1L), (body.GetProperty("name").GetString(), body.GetProperty("status").GetString(), body.GetProperty("createdBy").GetString(), body.GetProperty("revision").GetInt64()));
        Assert.Equal(["service", "read"], body.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()!));
        Assert.InRange((body.GetProperty("expiresAt").GetDateTimeOffset() - expires).Duration(), TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
        Assert.DoesNotContain(key.Text, shown.Body.ToString(), StringComparison.Ordinal);
        Assert.Equal(200, await host.StatusAsync(key.Text));
    }

    [Fact]
    public async Task B7_Keys_AreListed_PageByPage()
    {
        var made = new HashSet<string>();
        for (var n = 0; n < 3; n++)
            made.Add((await host.CreateKeyAsync()).Id);

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await host.SendAsync(HttpMethod.Get, $"/v1/api-keys?limit=2{(cursor is null ? string.Empty : $"&cursor={cursor}")}");
            Assert.Equal(200, page.Status);
            seen.AddRange(page.Body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            cursor = page.Body.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Superset(made, seen.ToHashSet());
        Assert.Equal(seen.Order(StringComparer.Ordinal).Distinct(), seen);
    }

    [Fact]
    public async Task B7_Rotation_TellsANewKey_AndLeavesThePreviousOneForADay()
    {
        var key = await host.CreateKeyAsync();

        var rotated = await host.SendAsync(HttpMethod.Post, $"/v1/api-keys/{key.Id}/rotate");

        Assert.Equal(200, rotated.Status);
        var text = KeyExtensions.Text(rotated, "key");
        Assert.NotEqual(key.Text, text);
        Assert.InRange(rotated.Body.GetProperty("previousExpiresAt").GetDateTimeOffset() - DateTimeOffset.UtcNow, TimeSpan.FromHours(23.9), TimeSpan.FromHours(24));
        Assert.Equal((200, 200), (await host.StatusAsync(key.Text), await host.StatusAsync(text)));
        var shown = await host.SendAsync(HttpMethod.Get, $"/v1/api-keys/{key.Id}");
        Assert.Equal((2, 2L), (shown.Body.GetProperty("secrets").GetArrayLength(), shown.Body.GetProperty("key").GetProperty("revision").GetInt64()));
    }

    [Fact]
    public async Task B7_Rotation_WithoutOverlap_EndsThePreviousKeyAtOnce()
    {
        var key = await host.CreateKeyAsync();
        Assert.Equal(200, await host.StatusAsync(key.Text));

        var rotated = await host.SendAsync(HttpMethod.Post, $"/v1/api-keys/{key.Id}/rotate", new { overlapSeconds = 0 });

        Assert.Equal((401, 200), (await host.StatusAsync(key.Text), await host.StatusAsync(KeyExtensions.Text(rotated, "key"))));
    }

    [Fact]
    public async Task B7_Rotations_LeaveFiveSecretsAtMost()
    {
        var key = await host.CreateKeyAsync();
        for (var n = 0; n < 4; n++)
            Assert.Equal(200, (await host.SendAsync(HttpMethod.Post, $"/v1/api-keys/{key.Id}/rotate")).Status);

        Assert.Equal((409, "INVALID_STATE"), StatusAndCode(await host.SendAsync(HttpMethod.Post, $"/v1/api-keys/{key.Id}/rotate")));
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Post, $"/v1/api-keys/{key.Id}/rotate", new { overlapSeconds = 0 })).Status);
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Post, $"/v1/api-keys/{key.Id}/rotate")).Status);
    }

    [Fact]
    public async Task B7_Revocation_IsForGood_Repeatable_AndFreesTheName()
    {
        var key = await host.CreateKeyAsync();
        var rotated = KeyExtensions.Text(await host.SendAsync(HttpMethod.Post, $"/v1/api-keys/{key.Id}/rotate"), "key");
        Assert.Equal((200, 200), (await host.StatusAsync(key.Text), await host.StatusAsync(rotated)));

        var revoked = await host.RevokeAsync(key.Id);

        Assert.Equal((200, "revoked"), (revoked.Status, KeyExtensions.Text(revoked, "status")));
        var refused = await host.UseAsync(key.Text);
        Assert.Equal((401, "UNAUTHORIZED"), StatusAndCode(refused));
        Assert.Contains("revoked", KeyExtensions.Text(refused, "message"), StringComparison.Ordinal);
        Assert.Equal(401, await host.StatusAsync(rotated));
        Assert.Equal(200, (await host.RevokeAsync(key.Id)).Status);
        Assert.Equal((409, "INVALID_STATE"), StatusAndCode(await host.SendAsync(HttpMethod.Post, $"/v1/api-keys/{key.Id}/rotate")));
        Assert.Equal(201, (await host.SendAsync(HttpMethod.Post, "/v1/api-keys", new { name = key.Name, scopes = new[] { "read" } })).Status);
    }

    [Theory]
    [InlineData("{}", "name")]
    [InlineData("{\"name\":\"x\"}", "scopes")]
    [InlineData("{\"name\":\"x\",\"scopes\":[]}", "scopes")]
    [InlineData("{\"name\":\"x\",\"scopes\":[\"root\"]}", "scopes")]
    [InlineData("{\"name\":\"x\",\"scopes\":[null]}", "scopes")]
    [InlineData("{\"name\":\"bootstrap\",\"scopes\":[\"read\"]}", "name")]
    [InlineData("{\"name\":\"x\",\"scopes\":[\"read\"],\"services\":[\"ledger\"]}", "services")]
    [InlineData("{\"name\":\"x\",\"scopes\":[\"service\"],\"services\":[]}", "services")]
    [InlineData("{\"name\":\"x\",\"scopes\":[\"service\"],\"services\":[null]}", "services")]
    [InlineData("{\"name\":\"x\",\"scopes\":[\"service\"],\"services\":[\"Not One\"]}", "services")]
    [InlineData("{\"name\":\"x\",\"scopes\":[\"read\"],\"expiresAt\":\"2001-01-01T00:00:00Z\"}", "expiresAt")]
    public async Task B7_Creation_WithABadBody_IsRefusedByName_AndNothingIsWritten(string body, string field)
    {
        var keys = await host.CountAsync("api_keys");

        var answer = await host.SendRawAsync(HttpMethod.Post, "/v1/api-keys", body);

        Assert.Equal((400, "0009"), StatusAndCode(answer));
        Assert.True(answer.Body.GetProperty("fields").TryGetProperty(field, out _));
        Assert.Equal(keys, await host.CountAsync("api_keys"));
    }

    [Fact]
    public async Task B7_Creation_WithATakenName_IsRefused()
    {
        var key = await host.CreateKeyAsync();

        Assert.Equal((409, "API_KEY_NAME_TAKEN"), StatusAndCode(await host.SendAsync(HttpMethod.Post, "/v1/api-keys", new { name = key.Name, scopes = new[] { "read" } })));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(604801)]
    public async Task B7_Rotation_WithAnOverlapOutOfRange_IsRefused(int seconds) =>
        Assert.Equal((400, "0009"), StatusAndCode(await host.SendAsync(HttpMethod.Post, $"/v1/api-keys/{(await host.CreateKeyAsync()).Id}/rotate", new { overlapSeconds = seconds })));

    [Theory]
    [InlineData("0123456789abcdef")]
    [InlineData("nothing")]
    public async Task B7_UnknownKey_Is404(string id)
    {
        Assert.Equal((404, "API_KEY_NOT_FOUND"), StatusAndCode(await host.SendAsync(HttpMethod.Get, $"/v1/api-keys/{id}")));
        Assert.Equal((404, "API_KEY_NOT_FOUND"), StatusAndCode(await host.SendAsync(HttpMethod.Post, $"/v1/api-keys/{id}/rotate")));
        Assert.Equal((404, "API_KEY_NOT_FOUND"), StatusAndCode(await host.RevokeAsync(id)));
    }

    [Fact]
    public async Task B7_UnknownKeys_AreRefused_AndLeaveNothingInValkey()
    {
        var random = Enumerable.Range(0, 50).Select(_ => ApiKeyText.New(ApiKeyText.NewId())).ToList();

        // Twice: the second time from what is remembered.
        foreach (var text in random.Concat(random))
            Assert.Equal(401, await host.StatusAsync(text));

        var keys = JsonSerializer.Serialize(await host.Valkey.ExecuteAsync("KEYS", "*"));
        foreach (var text in random)
            Assert.DoesNotContain(KeyExtensions.HashOf(text), keys, StringComparison.Ordinal);
    }

    private static (int Status, string? Code) StatusAndCode(Answer answer) => (answer.Status, answer.Code);
}
