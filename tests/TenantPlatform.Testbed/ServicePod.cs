using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace TenantPlatform.Testbed;

/// <summary>One pod as a client sees it: plain HTTP, no retries.</summary>
/// <param name="name">Its resource's name.</param>
/// <param name="address">Where it listens.</param>
/// <param name="smallest">The path of the smallest request that needs the tenant's configuration and its database.</param>
public abstract class ServicePod(string name, Uri address, string smallest) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };

    public string Name { get; } = name;

    public Uri Address { get; } = address;

    /// <summary>The path of the smallest request that needs the tenant's configuration and its database.</summary>
    public string Smallest { get; } = smallest;

    /// <summary>The smallest request that needs the tenant's configuration and its database.</summary>
    public async Task<HttpStatusCode> RequestAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, Smallest, tenant.Token, body: null, cancellationToken);
        return response.StatusCode;
    }

    /// <summary>As <see cref="RequestAsync"/>, and the request must have been served.</summary>
    public async Task ServeAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, Smallest, tenant.Token, body: null, cancellationToken);
        PlatformException.ThrowUnless(
            response.StatusCode == HttpStatusCode.OK,
            $"{Name} answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }

    /// <summary>The revision of the tenant's configuration in the pod's L1; null when it has none there.</summary>
    public async Task<long?> RevisionAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        var diagnosis = await GetAsync($"/diagnostics/tenants/{tenant.Id}", tenant, cancellationToken);
        return diagnosis.TryGetProperty("revision", out var revision) ? revision.GetInt64() : null;
    }

    /// <summary>Whether the pod says that it reaches Valkey; without that it is merely degraded, and takes requests.</summary>
    public async Task<bool> ReachesValkeyAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, "/health/ready", token: null, body: null, cancellationToken);
        return (await ReadAsync(response, "GET /health/ready", cancellationToken))
            .GetProperty("checks").GetProperty("redis").GetProperty("status").GetString() == "Healthy";
    }

    public async Task<JsonElement> PostAsync(string path, Tenant tenant, object body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Post, path, tenant.Token, body, cancellationToken);
        return await ReadAsync(response, $"POST {path}", cancellationToken);
    }

    public async Task<JsonElement> GetAsync(string path, Tenant tenant, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, tenant.Token, body: null, cancellationToken);
        return await ReadAsync(response, $"GET {path}", cancellationToken);
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? token, object? body, CancellationToken cancellationToken, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (idempotencyKey is not null)
            request.Headers.Add("X-Idempotency", idempotencyKey);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        return await _http.SendAsync(request, cancellationToken);
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _http.Dispose();
    }

    private async Task<JsonElement> ReadAsync(HttpResponseMessage response, string call, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        PlatformException.ThrowUnless(response.IsSuccessStatusCode, $"{call} at {Name} answered {(int)response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}
