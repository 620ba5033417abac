using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Crm.Api.Tests.Hosting;

/// <summary>Who uses the CRM for one tenant, in one organization.</summary>
public sealed class Person(CrmHost host, string tenant, string connectionString)
{
    public string Tenant { get; } = tenant;

    public string ConnectionString { get; } = connectionString;

    public string Holders { get; } = $"/v1/organizations/{Guid.NewGuid()}/holders";

    public Task<Answer> SendAsync(HttpMethod method, string path, object? body = null, string? idempotency = null, HttpClient? client = null) =>
        SendRawAsync(method, path, body as string ?? (body is null ? null : JsonSerializer.Serialize(body)), idempotency, client);

    public Task<Answer> CreateAsync(string document, string name = "Ada Lovelace", HttpClient? client = null, string? idempotency = null) =>
        SendAsync(HttpMethod.Post, Holders, new { type = "NATURAL_PERSON", name, document }, idempotency, client);

    public Task<Answer> SearchAsync(string document, HttpClient? client = null) => SendAsync(HttpMethod.Post, $"{Holders}/search", new { document }, client: client);

    public Task<Answer> LinkAsync(string holder, Guid account, HttpClient? client = null) =>
        SendAsync(HttpMethod.Post, $"{Holders}/{holder}/accounts", new { ledgerId = Guid.NewGuid(), accountId = account }, client: client);

    /// <summary>As an operator.</summary>
    public async Task<Answer> OperateAsync(HttpMethod method, string path, string key = CrmHost.OperatorKey, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(method, $"/operations/tenants/{Tenant}/keys{path}");
        request.Headers.Add("X-API-Key", key);
        return await ReadAsync(await (client ?? host.Client).SendAsync(request));
    }

    public async Task<T> QueryAsync<T>(string sql)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private async Task<Answer> SendRawAsync(HttpMethod method, string path, string? body, string? idempotency, HttpClient? client)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", CrmHost.Token(Tenant));
        if (idempotency is not null)
            request.Headers.TryAddWithoutValidation("X-Idempotency", idempotency);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await ReadAsync(await (client ?? host.Client).SendAsync(request));
    }

    private static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            return new Answer(
                (int)response.StatusCode,
                text.Length == 0 ? default : JsonDocument.Parse(text).RootElement,
                text,
                response.Headers.TryGetValues("X-Idempotency-Replayed", out var replayed) && replayed.Single() == "true",
                response.Headers.CacheControl?.ToString());
        }
    }
}
