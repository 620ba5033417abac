using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using TenantManager.Contracts.Reference;
using TenantManager.Contracts.Tokens;
using TenantPlatform.TestKit;

namespace Crm.Api.Tests.Hosting;

/// <summary>A real tenant-manager over the CRM's Valkey, as the owner of reference data: the CRM never calls it, and knows what it writes.</summary>
internal sealed class ReferenceOwner : IAsyncDisposable
{
    private const string ApiKey = "reference-owner-key-0123456789";
    private readonly WebApplicationFactory<TenantManager.Api.Program> _manager;
    private readonly HttpClient _client;

    private ReferenceOwner(WebApplicationFactory<TenantManager.Api.Program> manager)
    {
        _manager = manager;
        _client = manager.CreateClient();
        _client.DefaultRequestHeaders.Add("X-API-Key", ApiKey);
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", new TokenIssuer(TokenSettings.DefaultIssuer, Encoding.UTF8.GetBytes(CrmHost.SigningKey))
            .Issue(new Dictionary<string, string>(StringComparer.Ordinal) { ["scope"] = "tenant-manager:admin" }, TimeSpan.FromMinutes(10)));
    }

    /// <summary>Starts it, and waits until its data lie in Valkey.</summary>
    public static async Task<ReferenceOwner> StartAsync(CrmHost host)
    {
        var state = await host.Postgres.CreateDatabaseAsync();
        var owner = new ReferenceOwner(new WebApplicationFactory<TenantManager.Api.Program>().WithWebHostBuilder(web =>
        {
            web.UseEnvironment("Development");
            web.UseSetting("ConnectionStrings:tenant-manager", state);
            web.UseSetting("ConnectionStrings:postgres", host.Postgres.AdminConnectionString);
            web.UseSetting("ConnectionStrings:valkey", host.Valkey.ConnectionString);
            web.UseSetting("TENANT_MANAGER_API_KEYS", ApiKey);
            web.UseSetting("TENANT_MANAGER_SECRETS_KEY", "reference-owner-secrets-0123456789-0123456789");
            web.UseSetting("ENV_NAME", "test");
            web.UseSetting("AUTH_SIGNING_KEY", CrmHost.SigningKey);
        }));
        await Eventually.HoldsAsync("reference data lie in Valkey", async () =>
            (long)(await host.Valkey.ExecuteAsync(["EXISTS", .. ReferenceKind.All.Select(static kind => $"{ReferenceCache.KeyPrefix}{kind}")]))! == ReferenceKind.All.Count);
        return owner;
    }

    public async Task AddCountryAsync(string code)
    {
        using var answer = await _client.PutAsJsonAsync($"/v1/reference/countries/{code}", new { name = $"Country {code}" });
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
    }

    public async Task RemoveCountryAsync(string code)
    {
        using var answer = await _client.DeleteAsync(new Uri($"/v1/reference/countries/{code}", UriKind.Relative));
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _manager.DisposeAsync();
    }
}
