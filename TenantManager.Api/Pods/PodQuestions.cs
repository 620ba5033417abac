using System.Net;
using System.Text.Json;
using TenantManager.Api.Configuration;
using TenantManager.Contracts;
using TenantManager.Contracts.Diagnostics;
using TenantManager.Contracts.Pods;

namespace TenantManager.Api.Pods;

/// <summary>Asks pods what they would answer a tenant on, each for itself, all at once, and none for long.</summary>
/// <remarks>
/// The addresses are the pods' own word in Valkey. Whoever may write there could have the key sent to himself: it opens this one
/// question and nothing else.
/// </remarks>
internal sealed class PodQuestions(PodRoster roster, ManagerOptions options, TimeProvider time) : IDisposable
{
    private const int LongestAnswer = 16 * 1024;
    private const int Most = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Without retries or redirects: what is asked twice is not what was answered first.</summary>
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = Patience,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    })
    { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestAnswer };

    /// <summary>Asks all of them but the tenant-manager's own instances, which serve no tenants.</summary>
    public async Task<PodBases> AskAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        if (options.DiagnosticsKey is not { } key)
            return new PodBases(Asked: false, []);
        var pods = (await roster.ReadAsync(cancellationToken)).Where(static pod => pod.Service != ManagerAnnouncement.ServiceName).Take(Most);
        return new PodBases(Asked: true, await Task.WhenAll(pods.Select(pod => AskAsync(pod, tenant, key, cancellationToken))));
    }

    public void Dispose() => _http.Dispose();

    private async Task<PodBasis> AskAsync(PodReport pod, TenantId tenant, string key, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var (basis, problem) = await TryAskAsync(pod, tenant, key, cancellationToken);
        return new PodBasis(pod.Service, pod.Instance, basis, problem, Math.Round(time.GetElapsedTime(began).TotalMilliseconds, 1));
    }

    private async Task<(TenantBasis? Basis, string? Problem)> TryAskAsync(PodReport pod, TenantId tenant, string key, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(pod.Address, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            return (null, "it tells no address");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, TenantBasis.Path(tenant.Value)));
            request.Headers.Add(WireHeaders.ApiKey, key);
            using var response = await _http.SendAsync(request, limit.Token);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => JsonSerializer.Deserialize<TenantBasis>(await response.Content.ReadAsByteArrayAsync(limit.Token), ContractJson.Options) is { } basis
                    ? (basis, null)
                    : (null, "its answer cannot be read"),
                HttpStatusCode.Unauthorized => (null, "it has another MULTI_TENANT_DIAGNOSTICS_KEY"),
                HttpStatusCode.NotFound => (null, "it has no MULTI_TENANT_DIAGNOSTICS_KEY"),
                var status => (null, $"it answers {(int)status}"),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"no answer within {Patience.TotalSeconds} s");
        }
        catch (HttpRequestException)
        {
            return (null, "it cannot be reached");
        }
        catch (JsonException)
        {
            return (null, "its answer cannot be read");
        }
    }
}
