using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TenantPlatform.Hosting.Running;

/// <summary>Asks a resource over HTTP whether it is healthy.</summary>
internal sealed class HttpHealthCheck(IHttpClientFactory clients, Func<CancellationToken, ValueTask<Uri>> address, string path, int expected) : IHealthCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Asks the endpoint of the replica whose health is wanted.</summary>
    public HttpHealthCheck(IHttpClientFactory clients, EndpointReference endpoint, string path, int expected)
        : this(clients, _ => ValueTask.FromResult(Replica.Current?.AddressOf(endpoint.EndpointAnnotation) ?? new Uri(endpoint.Url)), path, expected)
    {
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var client = clients.CreateClient();
            using var response = await client.GetAsync(new Uri(await address(limit.Token), path), limit.Token);
            return (int)response.StatusCode == expected
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"{path} answered {(int)response.StatusCode}: {Short(await response.Content.ReadAsStringAsync(limit.Token))}");
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return HealthCheckResult.Unhealthy(exception is HttpRequestException ? $"{path} does not answer" : $"{path} did not answer within {Limit.TotalSeconds} s");
        }
    }

    private static string Short(string text) => text.Length <= 300 ? text : text[..300];
}
