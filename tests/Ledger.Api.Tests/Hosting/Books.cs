using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Ledger.Api.Tests.Hosting;

/// <summary>One ledger of a tenant of its own, in BRL.</summary>
internal sealed class Books(LedgerHost host, string tenant, string connectionString)
{
    public string Tenant { get; } = tenant;

    public string ConnectionString { get; } = connectionString;

    public string Path { get; private set; } = string.Empty;

    public Dictionary<string, string> Accounts { get; } = new(StringComparer.Ordinal);

    public static async Task<Books> OpenAsync(LedgerHost host, params string[] aliases)
    {
        var (tenant, connectionString) = await host.AddTenantAsync();
        var books = new Books(host, tenant, connectionString);
        var organization = await books.SendAsync(HttpMethod.Post, "/v1/organizations", new { legalName = "Acme", legalDocument = "1" });
        var ledger = await books.SendAsync(HttpMethod.Post, $"/v1/organizations/{organization.Id}/ledgers", new { name = "Main" });
        books.Path = $"/v1/organizations/{organization.Id}/ledgers/{ledger.Id}";
        Assert.Equal(201, (await books.SendAsync(HttpMethod.Post, $"{books.Path}/assets", new { name = "Real", type = "currency", code = "BRL" })).Status);
        foreach (var alias in aliases)
        {
            var account = await books.SendAsync(HttpMethod.Post, $"{books.Path}/accounts", new { name = alias, assetCode = "BRL", type = "deposit", alias });
            Assert.True(account.Status == 201, account.Body.ToString());
            books.Accounts[alias] = account.Id;
        }

        return books;
    }

    public Task<Answer> SendAsync(HttpMethod method, string path, object? body = null, string? idempotency = null, HttpClient? client = null, Dictionary<string, string>? headers = null) =>
        SendRawAsync(method, path, body is null ? null : JsonSerializer.Serialize(body), idempotency, client, headers);

    public async Task<Answer> SendRawAsync(
        HttpMethod method, string path, string? body, string? idempotency = null, HttpClient? client = null, Dictionary<string, string>? headers = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", LedgerHost.Token(Tenant));
        if (idempotency is not null)
            request.Headers.TryAddWithoutValidation("X-Idempotency", idempotency);
        foreach (var (name, value) in headers ?? [])
            request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await (client ?? host.Client).SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(
            (int)response.StatusCode,
            text.Length == 0 ? default : JsonDocument.Parse(text).RootElement,
            response.Headers.TryGetValues("X-Idempotency-Replayed", out var replayed) && replayed.Single() == "true");
    }

    public static object Transfer(string from, string to, string value, bool pending = false) => new
    {
        pending,
        send = new
        {
            asset = "BRL",
            value,
            source = new { from = new[] { new { accountAlias = from, amount = new { asset = "BRL", value } } } },
            distribute = new { to = new[] { new { accountAlias = to, amount = new { asset = "BRL", value } } } },
        },
    };

    public Task<Answer> TransferAsync(string from, string to, string value, bool pending = false, string? idempotency = null, HttpClient? client = null, Dictionary<string, string>? headers = null) =>
        SendAsync(HttpMethod.Post, $"{Path}/transactions/json", Transfer(from, to, value, pending), idempotency, client, headers);

    public async Task<(decimal Available, decimal OnHold, long Version)> BalanceAsync(string alias)
    {
        var answer = await SendAsync(HttpMethod.Get, $"{Path}/accounts/{Accounts[alias]}/balances");
        var balance = answer.Body.GetProperty("items").EnumerateArray().Single();
        return (Number("available"), Number("onHold"), balance.GetProperty("version").GetInt64());

        decimal Number(string name) => decimal.Parse(balance.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public Task<long> CountAsync(string table) => NumberAsync($"select count(*) from {table}");

    public async Task<long> NumberAsync(string sql)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
