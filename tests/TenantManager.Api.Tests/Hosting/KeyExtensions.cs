using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace TenantManager.Api.Tests.Hosting;

/// <summary>What tests do with API keys.</summary>
internal static class KeyExtensions
{
    /// <summary>Opens for the scope 'read', and needs no database.</summary>
    public const string CheapPath = "/diagnostics/calls";

    public static async Task<IssuedKey> CreateKeyAsync(
        this ManagerHost host, string[]? scopes = null, string[]? services = null, DateTimeOffset? expiresAt = null, HttpClient? client = null, string? apiKey = null)
    {
        var body = JsonSerializer.Serialize(new { name = $"key-{Guid.NewGuid():N}", scopes = scopes ?? ["read"], services, expiresAt });
        var created = await host.SendRawAsync(
            HttpMethod.Post, "/v1/api-keys", body, apiKey: apiKey ?? ManagerHost.ApiKey, token: apiKey is null ? "admin" : null, client: client);
        Assert.True(created.Status == 201, created.Body.ToString());
        return new IssuedKey(Text(created, "id"), Text(created, "name"), Text(created, "key"));
    }

    public static Task<Answer> UseAsync(this ManagerHost host, string? key, string path = CheapPath, HttpMethod? method = null, HttpClient? client = null, string? body = null) =>
        host.SendRawAsync(method ?? HttpMethod.Get, path, body, apiKey: key, token: null, client: client);

    public static async Task<int> StatusAsync(this ManagerHost host, string key, HttpClient? client = null) => (await host.UseAsync(key, client: client)).Status;

    public static Task<Answer> RevokeAsync(this ManagerHost host, string id, HttpClient? client = null) => host.SendAsync(HttpMethod.Delete, $"/v1/api-keys/{id}", client: client);

    public static string Text(Answer answer, string name) => answer.Body.GetProperty(name).GetString()!;

    /// <summary>When a key was used last, as the state has it.</summary>
    public static async Task<DateTime?> LastUseAsync(this ManagerHost host, string id, string? state = null)
    {
        await using var source = NpgsqlDataSource.Create(state ?? host.StateConnectionString);
        await using var command = source.CreateCommand("select last_used_at from api_keys where id = $1");
        command.Parameters.AddWithValue(id);
        return await command.ExecuteScalarAsync() as DateTime?;
    }

    public static string HashOf(string key) =>
        string.Create(CultureInfo.InvariantCulture, $"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)))}");
}
