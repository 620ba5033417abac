using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Drills.Evidence;

/// <summary>Gets the tenant that pods are asked as, and its revision. One caller at a time.</summary>
internal sealed class ProbeTenantSource(EndpointReference tenantManager, ParameterResource apiKey, string service) : IDisposable
{
    private const string Name = "Drill probe";
    private const int FewConnections = 4;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new() { Timeout = Limit };
    private ProbeTenant? _tenant;
    private string? _administrator;

    /// <summary>The tenant; created when the tenant-manager does not know it.</summary>
    /// <exception cref="DrillException">The tenant-manager is away or refuses.</exception>
    public async Task<ProbeTenant> GetAsync(CancellationToken cancellationToken)
    {
        if (_tenant is { } known)
            return known;
        _administrator ??= await TokenAsync(new { scope = "tenant-manager:admin" }, cancellationToken);
        var id = await FindAsync(cancellationToken) ?? await CreateAsync(cancellationToken);
        return _tenant = new ProbeTenant(id, await TokenAsync(new { tenantId = id }, cancellationToken));
    }

    /// <summary>The revision of the tenant's configuration now.</summary>
    public async Task<long> RevisionAsync(ProbeTenant tenant, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Get, $"{Association(tenant)}/connections", body: null, cancellationToken)).GetProperty("revision").GetInt64();

    public void Dispose() => _http.Dispose();

    private string Association(ProbeTenant tenant) => $"/v1/tenants/{tenant.Id}/associations/{service}";

    private async Task<string?> FindAsync(CancellationToken cancellationToken)
    {
        var active = await SendAsync(HttpMethod.Get, $"/v1/tenants/active?service={service}", body: null, cancellationToken);
        var tenants = active.ValueKind == JsonValueKind.Array ? active : active.GetProperty("items");
        return tenants.EnumerateArray().FirstOrDefault(tenant => tenant.GetProperty("name").GetString() == Name) is { ValueKind: JsonValueKind.Object } found
            ? found.GetProperty("id").GetString()
            : null;
    }

    private async Task<string> CreateAsync(CancellationToken cancellationToken)
    {
        var created = await SendAsync(
            HttpMethod.Post,
            "/v1/tenants",
            new
            {
                name = Name,
                slug = $"drill-probe-{Guid.NewGuid():N}"[..20],
                environment = "development",
                isolation = "isolated",
                owner = new { email = "drills@tenant-platform.example", emailVerified = true },
            },
            cancellationToken);
        var id = created.GetProperty("id").GetString()!;
        await SendAsync(
            HttpMethod.Post, $"/v1/tenants/{id}/associations/{service}", new { isolationMode = "isolated", maxOpenConns = FewConnections }, cancellationToken);
        return id;
    }

    private async Task<string> TokenAsync(object request, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Post, "/v1/dev/tokens", request, cancellationToken)).GetProperty("token").GetString()!;

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(new Uri(tenantManager.Url), path));
            request.Headers.Add("X-API-Key", await apiKey.GetValueAsync(cancellationToken));
            if (_administrator is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _administrator);
            if (body is not null)
                request.Content = JsonContent.Create(body);
            using var response = await _http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
                _administrator = null;
            if (!response.IsSuccessStatusCode)
                throw new DrillException($"the tenant-manager answered {method} {path} with {(int)response.StatusCode}");
            return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new DrillException($"the tenant-manager did not answer {method} {path}", exception);
        }
    }
}
