using System.Diagnostics;
using TenantManager.Contracts;
using TenantPlatform.Observer.Configuration;

namespace TenantPlatform.Observer;

/// <summary>One GET with a key, bounded in time, never repeated.</summary>
internal sealed class Question(IHttpClientFactory clients, ObserverOptions options, TimeProvider time)
{
    public const string ClientName = "observer";

    /// <summary>Asks, and reads the answer's headers; <paramref name="read"/> reads the rest.</summary>
    /// <param name="address">Whom.</param>
    /// <param name="key">The key that is shown.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="wait">How long the answer may be kept waiting on purpose, beside the usual bound.</param>
    /// <exception cref="HttpRequestException">Nobody answers.</exception>
    /// <exception cref="TimeoutException">The answer takes too long.</exception>
    public async Task<T> AskAsync<T>(Uri address, string key, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken, TimeSpan wait = default)
    {
        // Asked again and again, at times within milliseconds, and by no request: nobody looks for its traces, here or at who is asked.
        using var untraced = new Activity("observer.question").Start();
        using var limit = new CancellationTokenSource(options.AnswerLimit + wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var client = clients.CreateClient(ClientName);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add(WireHeaders.ApiKey, key);
        request.Headers.CacheControl = new() { NoCache = true };
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return await read(response, either.Token);
        }
        catch (OperationCanceledException exception) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"No answer within {(options.AnswerLimit + wait).TotalSeconds} s.", exception);
        }
    }
}
