using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;
using Npgsql;
using TenantManager.Contracts.Configuration;
using TenantManager.Contracts.Tokens;
using TenantPlatform.LocalServers;
using TenantPlatform.TestKit;

namespace Crm.Api.Tests.Hosting;

/// <summary>The service as it runs: real middleware, real databases, a tenant-manager and a ledger that answer as told.</summary>
public sealed class CrmHost : IAsyncLifetime
{
    public const string SigningKey = "crm-signing-key-0123456789-0123456789-0123456789";
    public const string OperatorKey = "operator-key-0123456789";
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ActivityListener _listener;
    private readonly MeterListener _meters = new() { InstrumentPublished = static (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
    private readonly ConcurrentDictionary<string, byte> _tags = new(StringComparer.Ordinal);
    private WebApplicationFactory<Program>? _factory;
    private FakeTenantManager? _manager;
    private FakeLedger? _ledger;

    public CrmHost()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
        _meters.SetMeasurementEventCallback<int>(Note);
        _meters.SetMeasurementEventCallback<long>(Note);
        _meters.SetMeasurementEventCallback<double>(Note);
        _meters.Start();
    }

    public PostgresFixture Postgres { get; } = new();

    public ValkeyFixture Valkey { get; } = new();

    public LogCollector Logs { get; } = new();

    public HttpClient Client { get; private set; } = new();

    public FakeTenantManager Manager => _manager!;

    public FakeLedger Ledger => _ledger!;

    /// <summary>The master key that all tests share.</summary>
    public string MasterKey { get; } = NewKey("k1");

    /// <summary>Everything that a trace would have been sent with.</summary>
    public string TraceText => string.Join('\n', _spans.Select(span =>
        $"{span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Events.SelectMany(one => one.Tags.Append(new(one.Name, null))))} {string.Join(' ', span.Baggage)}"));

    /// <summary>Every instrument with every tag that it was measured with.</summary>
    public string MetricText => string.Join('\n', _tags.Keys);

    public static string NewKey(string id) => $"{id}:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

    public async Task InitializeAsync()
    {
        await Task.WhenAll(Postgres.InitializeAsync(), Valkey.InitializeAsync());
        _manager = await FakeTenantManager.CreateAsync();
        _ledger = await FakeLedger.StartAsync();
        _factory = CreateFactory(MasterKey);
        Client = _factory.CreateClient();
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _factory!.DisposeAsync();
        await Manager.DisposeAsync();
        await Ledger.DisposeAsync();
        await Valkey.DisposeAsync();
        Logs.Dispose();
        _listener.Dispose();
        _meters.Dispose();
    }

    /// <summary>Another pod over the same Valkey and the same databases.</summary>
    public WebApplicationFactory<Program> CreateFactory(string masterKeys, Uri? ledger = null) => new WebApplicationFactory<Program>().WithWebHostBuilder(web =>
    {
        web.UseEnvironment("Development");
        web.UseSetting("ConnectionStrings:valkey", Valkey.ConnectionString);
        web.UseSetting("ENV_NAME", "test");
        web.UseSetting("AUTH_SIGNING_KEY", SigningKey);
        web.UseSetting("MULTI_TENANT_URL", Manager.Address.ToString());
        web.UseSetting("MULTI_TENANT_ALLOW_INSECURE_HTTP", "true");
        web.UseSetting("MULTI_TENANT_SERVICE_NAME", "crm");
        web.UseSetting("MULTI_TENANT_SERVICE_API_KEY", Manager.ApiKey);
        web.UseSetting("CRM_ENCRYPTION_KEYS", masterKeys);
        web.UseSetting("CRM_OPERATOR_KEY", OperatorKey);
        web.UseSetting("CRM_LEDGER_URL", (ledger ?? Ledger.Address).ToString());
        web.UseSetting("CRM_LEDGER_TIMEOUT_MS", "30000");

        // The servers are there: a busy machine that pauses for seconds is no outage.
        web.UseSetting("MULTI_TENANT_CONNECT_TIMEOUT_SEC", "60");
        web.UseSetting("CACHE_DIAL_TIMEOUT", "60s");
        web.UseSetting("CACHE_READ_TIMEOUT", "60s");
        web.UseSetting("CACHE_WRITE_TIMEOUT", "60s");
        web.ConfigureLogging(logging => logging.AddProvider(Logs).SetMinimumLevel(LogLevel.Trace));
    });

    public static string Token(string tenant) => new TokenIssuer(TokenSettings.DefaultIssuer, Encoding.UTF8.GetBytes(SigningKey))
        .Issue(new Dictionary<string, string>(StringComparer.Ordinal) { ["tenantId"] = tenant }, TimeSpan.FromMinutes(10));

    /// <summary>A tenant with a database of its own, and a user that owns nothing but that.</summary>
    /// <param name="server">Where; null: at the server of all tests.</param>
    public async Task<Person> AddTenantAsync(PostgresServer? server = null)
    {
        var tenant = Guid.NewGuid().ToString("N");
        if (server is not null)
            await server.CreateDatabaseAsync(tenant);
        var database = new NpgsqlConnectionStringBuilder(server?.ConnectionString(tenant) ?? await Postgres.CreateDatabaseAsync());
        var (user, password) = ($"crm_{tenant[..12]}", RandomNumberGenerator.GetHexString(32));
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand($"create role {user} login password '{password}'; grant create, usage on schema public to {user}");
        await command.ExecuteNonQueryAsync();
        Manager.SetConnections(tenant, "crm", new TenantConfig
        {
            Id = tenant,
            TenantSlug = "t",
            Status = "active",
            Revision = 1,
            Databases = new Dictionary<string, ModuleDatabases>(StringComparer.Ordinal)
            {
                ["crm"] = new()
                {
                    Postgres = new PostgresDatabase { Host = database.Host!, Port = database.Port, Database = database.Database!, Username = user, Password = password },
                },
            },
        });
        return new Person(this, tenant, database.ConnectionString);
    }

    private void Note<T>(Instrument instrument, T measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        foreach (var (key, value) in tags)
            _tags.TryAdd($"{instrument.Meter.Name} {instrument.Name} {key}={value}", 0);
    }
}
