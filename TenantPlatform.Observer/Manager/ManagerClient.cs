using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using TenantManager.Contracts;
using TenantManager.Contracts.Changes;
using TenantManager.Contracts.Diagnostics;
using TenantPlatform.Observer.Configuration;

namespace TenantPlatform.Observer.Manager;

/// <summary>What the observer asks the tenant-manager. It never reads a configuration: that holds passwords.</summary>
internal sealed class ManagerClient(Question question, ObserverOptions options)
{
    private const int PageSize = 100;

    /// <summary>Why the tenant-manager could not be asked, fit for a log: a message that is not ours may quote anything.</summary>
    public static string ReasonOf(Exception exception) => exception is HttpRequestException or TimeoutException or JsonException or IOException ? exception.Message : exception.GetType().Name;

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

    /// <summary>What has changed for the service since a cursor; null where there is no change feed, as with Go's tenant-manager.</summary>
    /// <param name="cursor">The cursor; null for the beginning.</param>
    /// <param name="wait">How long the tenant-manager may wait for a change.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="HttpRequestException">The tenant-manager does not answer, or not as expected.</exception>
    public Task<ChangePage?> FollowAsync(string? cursor, TimeSpan wait, CancellationToken cancellationToken)
    {
        var query = string.Create(
            CultureInfo.InvariantCulture,
            $"{ChangeFeed.Path[1..]}?service={Uri.EscapeDataString(options.ServiceName)}&wait={wait.TotalSeconds:0.###}&limit={ChangeFeed.LongestPage}");
        var path = cursor is null ? query : $"{query}&since={Uri.EscapeDataString(cursor)}";
        return question.AskAsync(new Uri(options.Manager, path), options.ApiKey, ReadChangesAsync, cancellationToken, wait);
    }

    /// <summary>The service's pods that have said lately that they are there.</summary>
    /// <exception cref="HttpRequestException">The tenant-manager does not answer, or not as expected.</exception>
    public Task<IReadOnlyList<ListedPod>> ListPodsAsync(CancellationToken cancellationToken) => question.AskAsync(
        new Uri(options.Manager, $"v1/pods?service={Uri.EscapeDataString(options.ServiceName)}"), options.ApiKey, ReadPodsAsync, cancellationToken);

    private static async Task<IReadOnlyList<ListedPod>> ReadPodsAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<PodPage>(ContractJson.Options, cancellationToken))?.Pods ?? throw new JsonException("There is no list of pods.");
    }

    private static async Task<ChangePage?> ReadChangesAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented)
            return null;
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<ChangePage>(ContractJson.Options, cancellationToken) is { Cursor: not null, Changes: not null } page
            ? page
            : throw new JsonException("There is no page of changes.");
    }

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
                return new Truth(TenantBasis.Found, RevisionOf(response.Headers.ETag?.Tag));
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

    /// <summary>The revision in the ETag of a configuration: what comes before its fingerprint, as in <c>"7-0a1b2c3d"</c>.</summary>
    private static long? RevisionOf(string? tag)
    {
        var text = tag.AsSpan().Trim('"');
        var end = text.IndexOf('-');
        return long.TryParse(end < 0 ? text : text[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : null;
    }
}
