using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using TenantManager.Contracts;
using TenantManager.Contracts.Diagnostics;
using TenantPlatform.Observer.Configuration;

namespace TenantPlatform.Observer.Manager;

/// <summary>What the observer asks the tenant-manager. It never reads a configuration: that holds passwords.</summary>
internal sealed class ManagerClient(Question question, ObserverOptions options)
{
    private const int PageSize = 100;

    /// <summary>How far every tenant's history has come.</summary>
    /// <exception cref="HttpRequestException">The tenant-manager does not answer, or not as expected.</exception>
    public async Task<IReadOnlyList<TenantMark>> ListAsync(CancellationToken cancellationToken)
    {
        var all = new List<TenantMark>();
        for (string? cursor = null; ;)
        {
            var path = $"v1/tenants?limit={PageSize}{(cursor is null ? string.Empty : $"&cursor={Uri.EscapeDataString(cursor)}")}";
            var page = await question.AskAsync(new Uri(options.Manager, path), options.ApiKey, ReadPageAsync, cancellationToken);
            all.AddRange(page.Items);
            if (page.NextCursor is not { } next)
                return all;
            cursor = next;
        }
    }

    /// <summary>What the tenant-manager answers a pod that asks for the tenant now.</summary>
    /// <exception cref="HttpRequestException">The tenant-manager does not answer, or not as expected.</exception>
    public Task<Truth> AskAsync(TenantId tenant, CancellationToken cancellationToken) => question.AskAsync(
        new Uri(options.Manager, $"v1/tenants/{tenant}/associations/{Uri.EscapeDataString(options.ServiceName)}/connections"), options.ApiKey, ReadTruthAsync, cancellationToken);

    private static async Task<TenantPage> ReadPageAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<TenantPage>(ContractJson.Options, cancellationToken) ?? throw new JsonException("There is no page.");
    }

    private static async Task<Truth> ReadTruthAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                // The revision is in the headers, and the body is left where it is.
                return new Truth(TenantBasis.Found, long.TryParse(response.Headers.ETag?.Tag.Trim('"'), CultureInfo.InvariantCulture, out var revision) ? revision : null);
            case HttpStatusCode.Forbidden:
                var body = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
                var denied = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("revision", out var number) && number.TryGetInt64(out var known) ? known : (long?)null;
                return new Truth(TenantBasis.Denied, denied);
            case HttpStatusCode.NotFound:
                return new Truth(TenantBasis.NotFound, Revision: null);
            default:
                throw new HttpRequestException($"The tenant-manager answered {(int)response.StatusCode}.", inner: null, response.StatusCode);
        }
    }
}
