using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using TenantManager.Client.Configuration;
using TenantManager.Client.Databases;
using TenantManager.Client.Middleware;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts.Tokens;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests;

/// <summary>A consumer API in this process: the whole client as a service registers it, before a fake tenant-manager.</summary>
internal sealed class ConsumerHost : IAsyncDisposable
{
    public const string SigningKey = "signing-key-of-the-tests-0123456789abcdef";

    private readonly WebApplication _app;
    private readonly TimeProvider _time;

    private ConsumerHost(WebApplication app, FakeTenantManager manager, LogCollector logs, TimeProvider time)
    {
        _app = app;
        Manager = manager;
        Logs = logs;
        _time = time;
        Http = app.GetTestClient();
    }

    public FakeTenantManager Manager { get; }

    public LogCollector Logs { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public TenantConfigClient Configs => Services.GetRequiredService<TenantConfigClient>();

    public TenantPools Pools => Services.GetRequiredService<TenantPools>();

    public string Environment => Services.GetRequiredService<TenantManagerClientOptions>().EnvironmentName!;

    /// <summary>Starts one. Settings that a test gives win over the usual ones; null takes one away.</summary>
    public static async Task<ConsumerHost> StartAsync(
        FakeTenantManager manager,
        ValkeyFixture? valkey = null,
        Dictionary<string, string?>? settings = null,
        TimeProvider? time = null,
        Action<IServiceCollection>? services = null,
        Action<TenantManagerClientBuilder>? configure = null,
        Action<WebApplication>? endpoints = null,
        string? prefix = null,
        string environment = "Development",
        Action<WebApplicationBuilder>? build = null)
    {
        var logs = new LogCollector();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["MULTI_TENANT_URL"] = manager.Address.ToString(),
            ["MULTI_TENANT_ALLOW_INSECURE_HTTP"] = "true",
            ["MULTI_TENANT_SERVICE_NAME"] = Tests.Configs.Service,
            ["MULTI_TENANT_SERVICE_API_KEY"] = manager.ApiKey,
            ["AUTH_SIGNING_KEY"] = SigningKey,
            ["ENV_NAME"] = $"env-{Guid.NewGuid():N}",
            ["ConnectionStrings:valkey"] = valkey?.ConnectionString,

            // Pushes come when they come, and tests say from which tier an answer is. Those of coherence switch it on.
            ["CACHE_COHERENCE"] = "off",

            // Nor do pods say that they are there, but in the tests of that: fake time is counted by its timers.
            ["MULTI_TENANT_POD_HEARTBEAT_SEC"] = "0",

            // The servers are there: a busy machine that pauses for seconds is no outage.
            ["CACHE_DIAL_TIMEOUT"] = "60s",
            ["CACHE_READ_TIMEOUT"] = "60s",
            ["CACHE_WRITE_TIMEOUT"] = "60s",
            ["MULTI_TENANT_CONNECT_TIMEOUT_SEC"] = "60",
        });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        if (time is not null)
            builder.Services.AddSingleton(time);
        services?.Invoke(builder.Services);
        builder.AddTenantManagerClient(configure ?? (client =>
        {
            if (valkey is not null)
                client.WithTieredCache(options => options.KeyPrefix = prefix ?? options.KeyPrefix);
        }));
        build?.Invoke(builder);
        builder.Services.PostConfigure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(5));

        var app = builder.Build();
        app.UseRouting();
        app.UseTenantResolution();
        app.MapGet("/open", () => "open");
        app.MapGet("/database", static async (TenantContext tenant, CancellationToken stop) =>
        {
            await using var command = tenant.Database.CreateCommand("SELECT current_database()");
            return (string)(await command.ExecuteScalarAsync(stop))!;
        }).RequireTenant();
        app.MapPost("/body", static (TenantContext tenant, Body body) => $"{tenant.Tenant} {body.Text}").RequireTenant();
        app.MapTenantDiagnostics();
        endpoints?.Invoke(app);
        await app.StartAsync();
        return new ConsumerHost(app, manager, logs, time ?? TimeProvider.System);
    }

    public string Token(string? tenant, TimeSpan? lifetime = null)
    {
        var claims = new Dictionary<string, string>(StringComparer.Ordinal);
        if (tenant is not null)
            claims["tenantId"] = tenant;
        return new TokenIssuer("tenant-platform", Encoding.UTF8.GetBytes(SigningKey), _time).Issue(claims, lifetime ?? TimeSpan.FromHours(24));
    }

    /// <summary>Sends a request of a tenant.</summary>
    public Task<HttpResponseMessage> GetAsync(string tenant, string path = "/database") => SendAsync($"Bearer {Token(tenant)}", path);

    public Task<HttpResponseMessage> SendAsync(string? authorization, string path = "/database", HttpContent? body = null)
    {
        var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path) { Content = body };
        if (authorization is not null)
            Assert.True(request.Headers.TryAddWithoutValidation("Authorization", authorization));
        return Http.SendAsync(request);
    }

    /// <summary>The status of a tenant's request.</summary>
    public async Task<int> StatusAsync(string tenant)
    {
        using var response = await GetAsync(tenant);
        return (int)response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await LetTimePassAsync(StopAsync());
    }

    /// <summary>Waits for something that waits for time to pass; fake time passes a second at a time meanwhile.</summary>
    public async Task LetTimePassAsync(Task waiting)
    {
        while (_time is FakeTimeProvider fake && !waiting.IsCompleted)
        {
            fake.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }

        await waiting;
    }

    private async Task StopAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    internal sealed record Body(string Text);
}
