using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;
using Npgsql;
using TenantManager.Contracts.Configuration;
using TenantManager.Contracts.Tokens;
using TenantPlatform.TestKit;

namespace Ledger.Api.Tests.Hosting;

/// <summary>The service as it runs: real middleware, real databases, a tenant-manager that answers as told.</summary>
public sealed class LedgerHost : IAsyncLifetime
{
    public const string SigningKey = "ledger-signing-key-0123456789-0123456789-0123456789";
    private WebApplicationFactory<Program>? _factory;
    private FakeTenantManager? _manager;

    public PostgresFixture Postgres { get; } = new();

    public ValkeyFixture Valkey { get; } = new();

    public LogCollector Logs { get; } = new();

    public HttpClient Client { get; private set; } = new();

    public FakeTenantManager Manager => _manager!;

    public async Task InitializeAsync()
    {
        await Task.WhenAll(Postgres.InitializeAsync(), Valkey.InitializeAsync());
        _manager = await FakeTenantManager.CreateAsync();
        _factory = CreateFactory();
        Client = _factory.CreateClient();
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _factory!.DisposeAsync();
        await Manager.DisposeAsync();
        await Valkey.DisposeAsync();
        Logs.Dispose();
    }

    /// <summary>Another pod over the same Valkey and the same databases.</summary>
    public WebApplicationFactory<Program> CreateFactory() => new WebApplicationFactory<Program>().WithWebHostBuilder(web =>
    {
        web.UseEnvironment("Development");
        web.UseSetting("ConnectionStrings:valkey", Valkey.ConnectionString);
        web.UseSetting("ENV_NAME", "test");
        web.UseSetting("AUTH_SIGNING_KEY", SigningKey);
        web.UseSetting("MULTI_TENANT_URL", Manager.Address.ToString());
        web.UseSetting("MULTI_TENANT_ALLOW_INSECURE_HTTP", "true");
        web.UseSetting("MULTI_TENANT_SERVICE_NAME", "ledger");
        web.UseSetting("MULTI_TENANT_SERVICE_API_KEY", Manager.ApiKey);

        // The servers are there: a busy machine that pauses for seconds is no outage.
        web.UseSetting("MULTI_TENANT_CONNECT_TIMEOUT_SEC", "60");
        web.UseSetting("CACHE_DIAL_TIMEOUT", "60s");
        web.UseSetting("CACHE_READ_TIMEOUT", "60s");
        web.UseSetting("CACHE_WRITE_TIMEOUT", "60s");
        web.ConfigureLogging(logging => logging.AddProvider(Logs).SetMinimumLevel(LogLevel.Debug));
    });

    public static string Token(string tenant) => new TokenIssuer(TokenSettings.DefaultIssuer, Encoding.UTF8.GetBytes(SigningKey))
        .Issue(new Dictionary<string, string>(StringComparer.Ordinal) { ["tenantId"] = tenant }, TimeSpan.FromMinutes(10));

    /// <summary>A tenant with a database of its own.</summary>
    public async Task<(string Tenant, string ConnectionString)> AddTenantAsync(string? tier = null)
    {
        var tenant = Guid.NewGuid().ToString("N");
        var database = new NpgsqlConnectionStringBuilder(await Postgres.CreateDatabaseAsync());
        Manager.SetConnections(tenant, "ledger", new TenantConfig
        {
            Id = tenant,
            TenantSlug = "t",
            Status = "active",
            Tier = tier,
            Revision = 1,
            Databases = new Dictionary<string, ModuleDatabases>(StringComparer.Ordinal)
            {
                ["ledger"] = new()
                {
                    Postgres = new PostgresDatabase
                    {
                        Host = database.Host!,
                        Port = database.Port,
                        Database = database.Database!,
                        Username = database.Username!,
                        Password = database.Password!,
                    },
                },
            },
        });
        return (tenant, database.ConnectionString);
    }
}
