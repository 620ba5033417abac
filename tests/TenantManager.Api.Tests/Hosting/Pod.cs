using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using TenantManager.Client;
using TenantManager.Client.Middleware;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests.Hosting;

/// <summary>A service that asks this tenant-manager, over a Valkey of the test; it follows no change feed and hardly ever revalidates.</summary>
internal sealed class Pod : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private Pod(WebApplication app)
    {
        _app = app;
        _http = app.GetTestClient();
    }

    public static async Task<Pod> StartAsync(WebApplicationFactory<Program> manager, string valkey, string environment)
    {
        var logs = new LogCollector();
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["MULTI_TENANT_URL"] = "http://localhost",
            ["MULTI_TENANT_ALLOW_INSECURE_HTTP"] = "true",
            ["MULTI_TENANT_SERVICE_NAME"] = "ledger",
            ["MULTI_TENANT_SERVICE_API_KEY"] = ManagerHost.ApiKey,
            ["MULTI_TENANT_CONNECTIONS_CHECK_INTERVAL_SEC"] = "36000",
            ["MULTI_TENANT_CHANGE_FEED"] = "false",
            ["AUTH_SIGNING_KEY"] = ManagerHost.SigningKey,
            ["ENV_NAME"] = environment,
            ["ConnectionStrings:valkey"] = valkey,
        });
        builder.AddTenantManagerClient(client => client.WithTieredCache(options => options.KeyPrefix = ValkeyFixture.NewPrefix()));
        builder.Services.PostConfigureAll<HttpClientFactoryOptions>(
            options => options.HttpMessageHandlerBuilderActions.Add(handlers => handlers.PrimaryHandler = manager.Server.CreateHandler()));
        var app = builder.Build();
        app.UseRouting();
        app.UseTenantResolution();
        app.MapGet("/", static async (TenantContext tenant, CancellationToken stop) =>
        {
            await using var command = tenant.Database.CreateCommand("select current_database()");
            return (string)(await command.ExecuteScalarAsync(stop))!;
        }).RequireTenant();
        await app.StartAsync();
        await Eventually.HoldsAsync(
            "the listener", () => logs.Lines.Any(line => line.Message.StartsWith("Listening to lifecycle events", StringComparison.Ordinal)));
        return new Pod(app);
    }

    /// <summary>The status of a tenant's request.</summary>
    public async Task<int> StatusAsync(string tenant)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ManagerHost.Token(("tenantId", tenant)));
        using var response = await _http.SendAsync(request);
        return (int)response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
