using Cache.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TenantManager.Client;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;
using TenantPlatform.TestKit;

namespace TenantPlatform.Observer.Tests.Pods;

/// <summary>A pod in this process on a real port: the whole client, as a service registers it, and its diagnostics.</summary>
internal sealed class PodUnderTest : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PodUnderTest(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    private TenantConfigClient Configs => _app.Services.GetRequiredService<TenantConfigClient>();

    public static async Task<PodUnderTest> StartAsync(FakeTenantManager manager, string valkey)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["MULTI_TENANT_URL"] = manager.Address.ToString(),
            ["MULTI_TENANT_ALLOW_INSECURE_HTTP"] = "true",
            ["MULTI_TENANT_SERVICE_NAME"] = "ledger",
            ["MULTI_TENANT_SERVICE_API_KEY"] = manager.ApiKey,
            ["MULTI_TENANT_DIAGNOSTICS_KEY"] = ObserverHost.DiagnosticsKey,
            ["AUTH_SIGNING_KEY"] = "signing-key-of-the-tests-0123456789abcdef",
            ["ENV_NAME"] = "test",
            ["ConnectionStrings:valkey"] = valkey,

            // So long may a pod go on that hears nothing; the tests need not wait for its end.
            ["CACHE_COHERENCE"] = "tracking",
            ["CACHE_COHERENCE_LEASE_MS"] = "60000",
            ["CACHE_READ_TIMEOUT"] = "60s",
            ["CACHE_WRITE_TIMEOUT"] = "60s",
        });
        builder.AddTenantManagerClient();
        var app = builder.Build();
        app.MapTenantDiagnostics();
        await app.StartAsync();
        return new PodUnderTest(app);
    }

    /// <summary>Asks until the answer comes from L1 and stays there: the channel is in force.</summary>
    public Task HoldsInL1Async(string tenant) => Eventually.HoldsAsync(
        "the tenant is in L1",
        async () => (await Configs.GetTenantConfigAsync(TenantId.Parse(tenant), "ledger")).Source == CacheSource.L1);

    /// <summary>Asks the tenant-manager past the cache, as revalidation does, and writes the answer to both tiers.</summary>
    public async Task RevalidateAsync(string tenant) => await Configs.GetTenantConfigAsync(TenantId.Parse(tenant), "ledger", skipCache: true);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
