using System.Security.Cryptography;
using System.Text;
using Ledger.Api;
using Ledger.Api.Errors;
using Ledger.Api.Organizations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Client;
using TenantManager.Client.Middleware;
using TenantManager.Contracts.Tokens;
using TenantPlatform.ServiceDefaults;
using TenantPlatform.ServiceKit.Migrations;

namespace Ledger.Benchmarks.Resolution;

/// <summary>
/// The ledger's pipeline in this process, as its <c>Program.cs</c> builds it, over a real PostgreSQL and Valkey; without a socket, whose
/// cost would only make the rest a smaller share. The tenant's resolution can be left out of it.
/// </summary>
internal sealed class LedgerInProcess : IAsyncDisposable
{
    private const string Tenant = "benchmark";
    private const string Database = "ledger_share";
    private const string Scheme = "Bearer ";
    private const string Nothing = "/nothing";
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private readonly WebApplication _app;
    private readonly TestServer _server;
    private readonly Manager _manager;
    private readonly TokenVerifier _verifier;
    private readonly string _authorization;
    private volatile Pipeline _pipeline = Pipeline.Resolved;
    private TenantContext? _pinned;
    private string _path = string.Empty;

    private LedgerInProcess(WebApplicationBuilder builder, Manager manager, string token)
    {
        (_manager, _authorization) = (manager, Scheme + token);
        _app = builder.Build();
        _app.UseRouting();
        _app.UseLedgerErrors();
        _app.UseWhen(_ => _pipeline == Pipeline.Resolved, static resolved => resolved.UseTenantResolution());
        _app.UseWhen(_ => _pipeline != Pipeline.Resolved, other => other.Use(PinAsync));
        _app.MapOrganizations();
        _app.MapGet("/pin", Pin).RequireTenant();
        _app.MapGet(Nothing, YieldAsync).RequireTenant();
        _server = _app.GetTestServer();
        _verifier = _app.Services.GetRequiredService<TokenVerifier>();
    }

    /// <summary>What is done of the requests that are sent from now on.</summary>
    public Pipeline Pipeline
    {
        get => _pipeline;
        set => _pipeline = value;
    }

    public static async Task<LedgerInProcess> StartAsync(Servers servers, CancellationToken stop)
    {
        await servers.Postgres.CreateDatabaseAsync(Database, stop);
        var manager = await Manager.StartAsync(Tenant, servers.Postgres, Database);
        var key = RandomNumberGenerator.GetHexString(64);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Logging:LogLevel:Default"] = "Warning",
            ["ConnectionStrings:valkey"] = servers.Valkey.ConnectionString,
            ["ENV_NAME"] = "benchmark",
            ["AUTH_SIGNING_KEY"] = key,
            ["MULTI_TENANT_URL"] = manager.Address,
            ["MULTI_TENANT_ALLOW_INSECURE_HTTP"] = "true",
            ["MULTI_TENANT_SERVICE_NAME"] = "ledger",
            ["MULTI_TENANT_SERVICE_API_KEY"] = "benchmark-key-0123456789",
        });
        builder.WebHost.UseTestServer();
        builder.AddServiceDefaults();
        builder.AddTenantManagerClient();
        builder.Services.AddTenantMigrations(typeof(LedgerJson).Assembly);
        LedgerJson.Configure(builder.Services);
        var token = new TokenIssuer(TokenSettings.DefaultIssuer, Encoding.UTF8.GetBytes(key))
            .Issue(new Dictionary<string, string>(StringComparer.Ordinal) { ["tenantId"] = Tenant }, TimeSpan.FromHours(12));
        var ledger = new LedgerInProcess(builder, manager, token);
        try
        {
            await ledger._app.StartAsync(stop);
            await ledger.OpenBooksAsync(stop);
            return ledger;
        }
        catch
        {
            await ledger.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads the organization: the cheapest thing that the ledger does with a tenant's database.</summary>
    public Task ReadAsync(CancellationToken stop) => ExpectAsync(_path, StatusCodes.Status200OK, stop);

    /// <summary>A request whose handler only lets others go first: what differs between the pipelines is most of it.</summary>
    public Task DoNothingAsync(CancellationToken stop) => ExpectAsync(Nothing, StatusCodes.Status204NoContent, stop);

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(StopLimit);
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
        await _manager.DisposeAsync();
    }

    private static async Task<IResult> YieldAsync()
    {
        await Task.Yield();
        return Results.NoContent();
    }

    private async Task ExpectAsync(string path, int status, CancellationToken stop)
    {
        var context = await SendAsync(HttpMethods.Get, path, stop);
        await context.Response.Body.CopyToAsync(Stream.Null, stop);
        if (context.Response.StatusCode != status)
            throw new InvalidOperationException($"GET {path} was answered {context.Response.StatusCode}.");
    }

    private async Task OpenBooksAsync(CancellationToken stop)
    {
        var pin = await SendAsync(HttpMethods.Get, "/pin", stop);
        if (pin.Response.StatusCode != StatusCodes.Status200OK)
            throw new InvalidOperationException($"The tenant was not resolved: {pin.Response.StatusCode}.");
        using var client = _server.CreateClient();
        client.DefaultRequestHeaders.Add("Authorization", _authorization);
        using var content = new StringContent("""{"legalName":"Acme","legalDocument":"1"}""", Encoding.UTF8, "application/json");
        using var created = await client.PostAsync(new Uri("/v1/organizations", UriKind.Relative), content, stop);
        _path = created.EnsureSuccessStatusCode().Headers.Location!.OriginalString;
    }

    private Task<HttpContext> SendAsync(string method, string path, CancellationToken stop) => _server.SendAsync(
        context =>
        {
            context.Request.Method = method;
            context.Request.Scheme = "http";
            context.Request.Host = new HostString("x");
            context.Request.Path = path;
            context.Request.Headers.Authorization = _authorization;
        },
        stop);

    private IResult Pin(TenantContext tenant)
    {
        _pinned = tenant;
        return Results.Ok();
    }

    private async Task PinAsync(HttpContext context, RequestDelegate next)
    {
        if (_pipeline == Pipeline.Verified)
        {
            var header = context.Request.Headers.Authorization.ToString();
            var verification = await _verifier.VerifyAsync(header[Scheme.Length..].Trim(), context.RequestAborted);
            if (!verification.IsValid)
                throw new InvalidOperationException("The token is not valid.");
        }

        context.Features.Set(_pinned);
        await next(context);
    }
}
