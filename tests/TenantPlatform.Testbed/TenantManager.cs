using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace TenantPlatform.Testbed;

/// <summary>The tenant-manager as its administrator uses it, over plain HTTP without retries.</summary>
public sealed class TenantManager(Uri address, string apiKey) : IDisposable
{
    /// <summary>The longest that it issues tokens for: nothing that runs on this platform takes longer.</summary>
    private const int TokenSeconds = 24 * 60 * 60;

    private const string Connections = "GET /v1/tenants/{tenant}/associations/{service}/connections";

    private readonly HttpClient _http = CreateClient(address, apiKey);
    private string? _adminToken;

    public Uri Address { get; } = address;

    /// <summary>Creates a tenant, associates it with the ledger and gets a token for it.</summary>
    public async Task<Tenant> CreateTenantAsync(string name, CancellationToken cancellationToken, int? connections = null)
    {
        var slug = $"{name}-{Guid.NewGuid():N}"[..Math.Min(40, name.Length + 9)];
        var created = await SendAsync(
            HttpMethod.Post,
            "/v1/tenants",
            new { name, slug, environment = "development", isolation = "isolated", owner = new { email = $"owner@{name}.example", emailVerified = true } },
            cancellationToken);
        var id = created.GetProperty("id").GetString()!;
        await SendAsync(HttpMethod.Post, $"/v1/tenants/{id}/associations/ledger", new { isolationMode = "isolated", maxOpenConns = connections }, cancellationToken);
        var token = await TokenAsync(new { tenantId = id, lifetimeSeconds = TokenSeconds }, cancellationToken);
        return new Tenant(id, slug, token);
    }

    /// <summary>Several tenants, named alike.</summary>
    public async Task<IReadOnlyList<Tenant>> CreateTenantsAsync(string name, int count, CancellationToken cancellationToken)
    {
        var tenants = new List<Tenant>();
        for (var n = 0; n < count; n++)
            tenants.Add(await CreateTenantAsync($"{name}{n}", cancellationToken));
        return tenants;
    }

    /// <summary>Associates a tenant with one more service.</summary>
    public Task AssociateAsync(Tenant tenant, string service, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant.Id}/associations/{service}", new { isolationMode = "isolated" }, cancellationToken);

    /// <summary>Suspends a tenant for every service.</summary>
    public Task SuspendEverywhereAsync(Tenant tenant, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant.Id}/suspend", body: null, cancellationToken);

    /// <summary>Suspends a tenant for the ledger.</summary>
    public Task SuspendAsync(Tenant tenant, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant.Id}/associations/ledger/suspend", body: null, cancellationToken);

    public Task ReactivateAsync(Tenant tenant, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant.Id}/reactivate", body: null, cancellationToken);

    /// <summary>Deletes a tenant; its data go as soon as an instance looks for what is to be purged.</summary>
    public Task DeleteAsync(Tenant tenant, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"/v1/tenants/{tenant.Id}?grace=0", body: null, cancellationToken);

    /// <summary>What the pods say of themselves.</summary>
    public Task<JsonElement> PodsAsync(CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, "/v1/pods", body: null, cancellationToken);

    public Task InvalidateConfigAsync(Tenant tenant, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant.Id}/associations/ledger/invalidate", new { reason = "end to end" }, cancellationToken);

    public Task RotateCredentialsAsync(Tenant tenant, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant.Id}/associations/ledger/credentials/rotate", body: null, cancellationToken);

    public Task SetPoolLimitsAsync(Tenant tenant, int maxOpen, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Patch, $"/v1/tenants/{tenant.Id}/associations/ledger", new { maxOpenConns = maxOpen }, cancellationToken);

    /// <summary>Whether the tenant is to be served by the ledger, and its revision, as the tenant-manager says now.</summary>
    public async Task<(bool IsServed, long Revision)> StateAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync($"/v1/tenants/{tenant.Id}/associations/ledger/connections", cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        PlatformException.ThrowUnless(
            response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Forbidden, $"The state of tenant {tenant.Id} was answered with {(int)response.StatusCode}.");
        return (response.StatusCode == HttpStatusCode.OK, JsonDocument.Parse(text).RootElement.GetProperty("revision").GetInt64());
    }

    /// <summary>Keeps lifecycle events from being published until the returned handle is disposed.</summary>
    public async Task<IAsyncDisposable> BlockEventsAsync(CancellationToken cancellationToken)
    {
        await SendAsync(HttpMethod.Put, "/drills/faults", new { dropEvents = true }, cancellationToken);
        return new Drill(this);
    }

    /// <summary>Lets lifecycle events be published again.</summary>
    public Task UnblockEventsAsync(CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, "/drills/faults", body: null, cancellationToken);

    /// <summary>Any other call of an administrator; returns the answer's body.</summary>
    public Task<JsonElement> CallAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken) => SendAsync(method, path, body, cancellationToken);

    /// <summary>How many configuration reads the tenant-manager has answered for a tenant, revalidations not counted.</summary>
    public async Task<int> ConfigReadsAsync(Tenant tenant, CancellationToken cancellationToken) =>
        await CallsAsync(tenant, skipCache: false, cancellationToken);

    /// <summary>How many revalidations the tenant-manager has answered for a tenant.</summary>
    public async Task<int> RevalidationsAsync(Tenant tenant, CancellationToken cancellationToken) =>
        await CallsAsync(tenant, skipCache: true, cancellationToken);

    public async Task<string> TokenAsync(object request, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Post, "/v1/dev/tokens", request, cancellationToken, administrator: false)).GetProperty("token").GetString()!;

    public void Dispose() => _http.Dispose();

    private static HttpClient CreateClient(Uri address, string apiKey)
    {
        var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Add("X-API-Key", apiKey);
        return http;
    }

    private async Task<int> CallsAsync(Tenant tenant, bool skipCache, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(HttpMethod.Get, "/diagnostics/calls", body: null, cancellationToken);
        return answer.GetProperty("calls").EnumerateArray()
            .Where(call => call.GetProperty("endpoint").GetString() == Connections
                && call.GetProperty("tenant").GetString() == tenant.Id
                && call.GetProperty("skipCache").GetBoolean() == skipCache)
            .Sum(call => call.GetProperty("count").GetInt32());
    }

    private async Task<JsonElement> SendAsync(
        HttpMethod method, string path, object? body, CancellationToken cancellationToken, bool administrator = true)
    {
        if (administrator)
            _adminToken ??= await TokenAsync(new { scope = "tenant-manager:admin", lifetimeSeconds = TokenSeconds }, cancellationToken);
        using var request = new HttpRequestMessage(method, path);
        if (administrator)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _adminToken);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        using var response = await _http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        PlatformException.ThrowUnless(response.IsSuccessStatusCode, $"{method} {path} answered {(int)response.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    private sealed class Drill(TenantManager owner) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await owner.UnblockEventsAsync(CancellationToken.None);
    }
}
