using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantPlatform.LocalServers;

namespace Ledger.Benchmarks;

/// <summary>As much of a tenant-manager as one tenant needs; the pod asks it every half minute.</summary>
internal sealed class Manager : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Manager(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public static async Task<Manager> StartAsync(string tenant, PostgresServer server, string database)
    {
        var config = JsonSerializer.SerializeToUtf8Bytes(
            new TenantConfig
            {
                Id = tenant,
                TenantSlug = tenant,
                Status = "active",
                Revision = 1,
                Databases = new Dictionary<string, ModuleDatabases>(StringComparer.Ordinal)
                {
                    ["ledger"] = new()
                    {
                        Postgres = new PostgresDatabase
                        {
                            Host = server.Host,
                            Port = server.Port,
                            Database = database,
                            Username = server.UserName,
                            Password = server.Password,
                        },
                    },
                },
            },
            ContractJson.Options);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet($"/v1/tenants/{tenant}/associations/ledger/connections", () => Results.Bytes(config, "application/json"));
        await app.StartAsync();
        return new Manager(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
