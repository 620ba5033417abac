using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TenantManager.Client;
using TenantManager.Client.Pods;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;
using TenantManager.Contracts.Pods;
using TenantPlatform.ServiceKit.Guards;

namespace TenantManager.Console.Tests.Hosting;

/// <summary>A pod of a service in this process on a real port: the whole client, as a service registers it, and its diagnostics.</summary>
internal sealed class Pod : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Pod(WebApplication app) => _app = app;

    private TenantConfigClient Configs => _app.Services.GetRequiredService<TenantConfigClient>();

    public static async Task<Pod> StartAsync(string name, Uri manager, string valkey)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["MULTI_TENANT_URL"] = manager.ToString(),
            ["MULTI_TENANT_ALLOW_INSECURE_HTTP"] = "true",
            ["MULTI_TENANT_SERVICE_NAME"] = "ledger",
            ["MULTI_TENANT_SERVICE_API_KEY"] = PlatformUnderTest.ServiceKey,
            ["MULTI_TENANT_DIAGNOSTICS_KEY"] = PlatformUnderTest.DiagnosticsKey,
            ["MULTI_TENANT_POD_NAME"] = name,
            ["MULTI_TENANT_POD_HEARTBEAT_SEC"] = "1",
            ["AUTH_SIGNING_KEY"] = PlatformUnderTest.SigningKey,
            ["ENV_NAME"] = "test",
            ["ConnectionStrings:valkey"] = valkey,
        });
        builder.AddTenantManagerClient();
        builder.AddTenantRateLimits("ledger");
        builder.Services.AddSingleton<IRouteReporter, CachedRoute>();
        var app = builder.Build();
        app.MapTenantDiagnostics();
        await app.StartAsync();
        return new Pod(app);
    }

    /// <summary>Asks as a request of the tenant's would.</summary>
    public async Task ServeAsync(string tenant) => await Configs.GetTenantConfigAsync(TenantId.Parse(tenant), "ledger");

    /// <summary>As a gateway tells of a route.</summary>
    private sealed class CachedRoute : IRouteReporter
    {
        public IReadOnlyList<RouteReport> Read() => [new RouteReport("ledger-cached-1", Hits: 70, StaleHits: 5, Misses: 15, Bypassed: 10, SavedBytes: 5 * 1024)];
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
