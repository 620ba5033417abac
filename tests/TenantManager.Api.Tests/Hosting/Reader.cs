using Cache.Core.Coherence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using TenantManager.Client;
using TenantManager.Client.Reference;
using TenantManager.Contracts.Reference;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests.Hosting;

/// <summary>A service that reads reference data, as it is registered, before a real tenant-manager and over a Valkey of the test.</summary>
internal sealed class Reader : IAsyncDisposable
{
    private readonly WebApplication _app;

    private readonly FakeTimeProvider? _time;

    private Reader(WebApplication app, SwitchedHandler manager, FakeTimeProvider? time)
    {
        _app = app;
        _time = time;
        Manager = manager;
    }

    public SwitchedHandler Manager { get; }

    public ReferenceData Data => _app.Services.GetRequiredService<ReferenceData>();

    /// <summary>Starts one that is told of changes by everything but what the settings switch off.</summary>
    public static async Task<Reader> StartAsync(
        WebApplicationFactory<Program> manager, string valkey, FakeTimeProvider? time = null, string coherence = "auto", bool isManagerAway = false, string service = "ledger")
    {
        var way = new SwitchedHandler(manager.Server.CreateHandler()) { IsAway = isManagerAway };
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["MULTI_TENANT_URL"] = "http://localhost",
            ["MULTI_TENANT_ALLOW_INSECURE_HTTP"] = "true",
            ["MULTI_TENANT_SERVICE_NAME"] = service,
            ["MULTI_TENANT_SERVICE_API_KEY"] = ManagerHost.ApiKey,
            ["MULTI_TENANT_CHANGE_FEED"] = "false",
            ["MULTI_TENANT_CIRCUIT_BREAKER_THRESHOLD"] = "0",
            ["AUTH_SIGNING_KEY"] = ManagerHost.SigningKey,
            ["ENV_NAME"] = "test",
            ["CACHE_COHERENCE"] = coherence,
            ["ConnectionStrings:valkey"] = valkey,
        });
        if (time is not null)
            builder.Services.AddSingleton<TimeProvider>(time);
        builder.AddTenantManagerClient();
        builder.AddReferenceData();
        builder.Services.PostConfigureAll<HttpClientFactoryOptions>(options => options.HttpMessageHandlerBuilderActions.Add(handlers => handlers.PrimaryHandler = way));
        var app = builder.Build();
        await app.StartAsync();
        var clock = app.Services.GetRequiredService<TimeProvider>();
        if (coherence != "off")
            await Eventually.HoldsAsync("proof", () => app.Services.GetRequiredService<ICoherence>().ProvenUntil > clock.GetTimestamp());
        return new Reader(app, way, time);
    }

    public async Task<string?> NameAsync(ReferenceKind kind, string code) => (await Data.FindAsync(kind, code))?.Name;

    /// <summary>Waits for something that waits for time to pass; fake time passes a second at a time meanwhile.</summary>
    public async Task LetTimePassAsync(Task waiting)
    {
        while (_time is not null && !waiting.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5);
        }

        await waiting;
    }

    public async ValueTask DisposeAsync() => await LetTimePassAsync(StopAsync());

    private async Task StopAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
