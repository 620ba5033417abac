using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using TenantManager.Contracts;
using TenantManager.Contracts.Diagnostics;
using TenantPlatform.Observer.Configuration;
using TenantPlatform.Observer.Respondents;

namespace TenantPlatform.Observer.Pods;

/// <summary>Asks pods what they would answer a tenant on.</summary>
internal sealed partial class PodClient(Question question, ObserverOptions options, ILogger<PodClient> logger)
{
    private readonly ConcurrentDictionary<string, HttpStatusCode> _refusals = new(StringComparer.Ordinal);

    public async Task<Answer> AskAsync(Pod pod, TenantId tenant, CancellationToken cancellationToken)
    {
        try
        {
            var address = new Uri(pod.Address, TenantBasis.Path(tenant.Value)[1..]);
            var (status, basis) = await question.AskAsync(address, options.DiagnosticsKey, ReadAsync, cancellationToken);
            if (basis is not null)
            {
                _refusals.TryRemove(pod.Name, out _);
                return new Answer(basis);
            }

            if ((int)status >= 500)
                return Answer.Away;
            if (_refusals.TryAdd(pod.Name, status))
                LogRefused(pod.Name, (int)status);
            return Answer.Refused;
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException or JsonException or IOException)
        {
            return Answer.Away;
        }
    }

    private static async Task<(HttpStatusCode Status, TenantBasis? Basis)> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        (response.StatusCode, response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<TenantBasis>(ContractJson.Options, cancellationToken) : null);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Pod} does not tell what it would answer on ({Status}): it and the observer need the same MULTI_TENANT_DIAGNOSTICS_KEY")]
    private partial void LogRefused(string pod, int status);
}
