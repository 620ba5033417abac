using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;
using Npgsql;
using TenantManager.Contracts.Tokens;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests.Hosting;

/// <summary>The service as it runs, reached over its own pipeline.</summary>
public sealed class ManagerHost : IAsyncLifetime
{
    public const string ApiKey = "test-service-key-0123456789";
    public const string SigningKey = "test-signing-key-0123456789-0123456789-0123456789";
    public const string SecretsKey = "test-secrets-key-0123456789-0123456789-0123456789";

    private WebApplicationFactory<Program>? _factory;

    public PostgresFixture Postgres { get; } = new();

    public ValkeyFixture Valkey { get; } = new();

    public LogCollector Logs { get; } = new();

    public string StateConnectionString { get; private set; } = string.Empty;

    public HttpClient Anonymous { get; private set; } = new();

    public static string AdminToken => Token(("scope", "tenant-manager:admin"));

    public async Task InitializeAsync()
    {
        await Task.WhenAll(Postgres.InitializeAsync(), Valkey.InitializeAsync());
        StateConnectionString = await Postgres.CreateDatabaseAsync();
        _factory = CreateFactory();
        Anonymous = _factory.CreateClient();
    }

    public async Task DisposeAsync()
    {
        Anonymous.Dispose();
        await _factory!.DisposeAsync();
        await Valkey.DisposeAsync();
        Logs.Dispose();
    }

    /// <summary>Another instance over the same state, unless settings say otherwise.</summary>
    public WebApplicationFactory<Program> CreateFactory(
        string environment = "Development", IEnumerable<(string Name, string Value)>? settings = null) => new WebApplicationFactory<Program>().WithWebHostBuilder(web =>
    {
        web.UseEnvironment(environment);
        foreach (var (name, value) in Settings().Concat(settings ?? []))
            web.UseSetting(name, value);
        web.ConfigureLogging(logging => logging.AddProvider(Logs).SetMinimumLevel(LogLevel.Debug));
    });

    public IEnumerable<(string Name, string Value)> Settings() =>
    [
        ("ConnectionStrings:tenant-manager", StateConnectionString),
        ("ConnectionStrings:postgres", Postgres.AdminConnectionString),
        ("ConnectionStrings:valkey", Valkey.ConnectionString),
        ("TENANT_MANAGER_API_KEYS", ApiKey),
        ("TENANT_MANAGER_SECRETS_KEY", SecretsKey),
        ("ENV_NAME", "test"),
        ("AUTH_SIGNING_KEY", SigningKey),
    ];

    public static string Token(params (string Name, string Value)[] claims) =>
        new TokenIssuer(TokenSettings.DefaultIssuer, Encoding.UTF8.GetBytes(SigningKey))
            .Issue(claims.ToDictionary(claim => claim.Name, claim => claim.Value, StringComparer.Ordinal), TimeSpan.FromMinutes(10));

    /// <summary>Sends as an administrator with a service key.</summary>
    public Task<Answer> SendAsync(HttpMethod method, string path, object? body = null, HttpClient? client = null) =>
        SendRawAsync(method, path, body is null ? null : JsonSerializer.Serialize(body), client: client);

    public async Task<Answer> SendRawAsync(
        HttpMethod method,
        string path,
        string? body,
        string? apiKey = ApiKey,
        string? token = "admin",
        HttpClient? client = null,
        bool skipCache = false,
        bool isChunked = false)
    {
        using var request = new HttpRequestMessage(method, path);
        if (apiKey is not null)
            request.Headers.Add("X-API-Key", apiKey);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token == "admin" ? AdminToken : token);
        if (skipCache)
            request.Headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.TransferEncodingChunked = isChunked ? true : null;
        using var response = await (client ?? Anonymous).SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement, response.Headers.ETag?.Tag);
    }

    public static object NewTenant(string? slug = null) => new
    {
        name = "Acme Ltd",
        slug = slug ?? $"acme-{Guid.NewGuid():N}",
        environment = "test",
        isolation = "isolated",
        owner = new { email = "owner@acme.example", emailVerified = true },
    };

    public async Task<string> CreateTenantAsync(HttpClient? client = null)
    {
        var created = await SendAsync(HttpMethod.Post, "/v1/tenants", NewTenant(), client);
        Assert.Equal(201, created.Status);
        return created.Body.GetProperty("id").GetString()!;
    }

    /// <summary>A tenant associated with a service, and the configuration that the service is told.</summary>
    public async Task<(string Tenant, JsonElement Config)> CreateAssociatedAsync(string service = "ledger", string mode = "isolated", HttpClient? client = null)
    {
        var tenant = await CreateTenantAsync(client);
        var associated = await SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/associations/{service}", new { isolationMode = mode }, client);
        Assert.True(associated.Status == 201, associated.Body.ToString());
        return (tenant, (await ConnectionsAsync(tenant, service, client: client)).Body);
    }

    public Task<Answer> ConnectionsAsync(string tenant, string service = "ledger", bool skipCache = false, HttpClient? client = null) =>
        SendRawAsync(HttpMethod.Get, $"/v1/tenants/{tenant}/associations/{service}/connections", body: null, token: null, client: client, skipCache: skipCache);

    /// <summary>How a service logs in with a configuration.</summary>
    public static string ConnectionString(JsonElement config, string service = "ledger", string? database = null)
    {
        var postgres = config.GetProperty("databases").GetProperty(service).GetProperty("postgresql");
        return new NpgsqlConnectionStringBuilder
        {
            Host = postgres.GetProperty("host").GetString(),
            Port = postgres.GetProperty("port").GetInt32(),
            Database = database ?? postgres.GetProperty("database").GetString(),
            Username = postgres.GetProperty("username").GetString(),
            Password = postgres.GetProperty("password").GetString(),
            Pooling = false,
        }.ConnectionString;
    }

    public async Task<long> CountAsync(string table, string? state = null)
    {
        await using var source = NpgsqlDataSource.Create(state ?? StateConnectionString);
        await using var command = source.CreateCommand(string.Create(CultureInfo.InvariantCulture, $"select count(*) from {table}"));
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
