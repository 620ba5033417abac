using System.Net;

namespace TenantPlatform.EndToEnd.Tests.Platform;

/// <summary>Requests of some tenants to every pod, one after another per pod, while something goes wrong.</summary>
public sealed class Traffic : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<Dictionary<HttpStatusCode, int>>[] _pods;
    private int _served;

    public Traffic(IEnumerable<LedgerPod> pods, IReadOnlyList<Tenant> tenants) =>
        _pods = [.. pods.Select(pod => RunAsync(pod, tenants))];

    /// <summary>How many requests have been served so far.</summary>
    public int Served => Volatile.Read(ref _served);

    /// <summary>Ends the traffic; returns how many requests were answered with anything but 200, by status.</summary>
    public async Task<IReadOnlyList<KeyValuePair<HttpStatusCode, int>>> StopAsync()
    {
        await _stop.CancelAsync();
        var counts = await Task.WhenAll(_pods);
        return [.. counts.SelectMany(count => count).Where(count => count.Key != HttpStatusCode.OK)];
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task<Dictionary<HttpStatusCode, int>> RunAsync(LedgerPod pod, IReadOnlyList<Tenant> tenants)
    {
        var answers = new Dictionary<HttpStatusCode, int>();
        for (var n = 0; !_stop.IsCancellationRequested; n++)
        {
            // A request that has begun is always awaited: stopping the traffic must not look like a failure.
            var answer = await pod.RequestAsync(tenants[n % tenants.Count], CancellationToken.None);
            answers[answer] = answers.GetValueOrDefault(answer) + 1;
            if (answer == HttpStatusCode.OK)
                Interlocked.Increment(ref _served);
        }

        return answers;
    }
}
