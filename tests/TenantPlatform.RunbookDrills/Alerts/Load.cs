using System.Collections.Concurrent;
using System.Net;
using TenantPlatform.Testbed;

namespace TenantPlatform.RunbookDrills.Alerts;

/// <summary>Ordinary load: requests of tenants to every pod, a few a second.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim[] _turns;
    private readonly Task[] _pods;
    private readonly ConcurrentDictionary<string, long> _others = new(StringComparer.Ordinal);
    private long _served;

    public Load(IEnumerable<LedgerPod> pods, IReadOnlyList<Tenant> tenants, TimeSpan pause)
    {
        var asked = pods.ToList();
        _turns = [.. asked.Select(static _ => new SemaphoreSlim(1))];
        _pods = [.. asked.Select((pod, n) => RunAsync(pod, tenants, pause, _turns[n]))];
    }

    /// <summary>How many requests were answered by 200.</summary>
    public long Served => Interlocked.Read(ref _served);

    /// <summary>How many were not.</summary>
    public long Others => _others.Values.Sum();

    /// <summary>What those were answered by.</summary>
    public string OthersByAnswer => string.Join(", ", _others.Select(static one => $"{one.Key}: {one.Value}"));

    /// <summary>Does something while nobody asks: what there is one of cannot be replaced without a gap.</summary>
    public async Task WhilePausedAsync(Func<Task> act, CancellationToken stop)
    {
        foreach (var turn in _turns)
            await turn.WaitAsync(stop);
        try
        {
            await act();
        }
        finally
        {
            foreach (var turn in _turns)
                turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_pods);
        foreach (var turn in _turns)
            turn.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(LedgerPod pod, IReadOnlyList<Tenant> tenants, TimeSpan pause, SemaphoreSlim turn)
    {
        try
        {
            for (var n = 0; !_stop.IsCancellationRequested; n++)
            {
                await turn.WaitAsync(_stop.Token);
                string? failure;
                try
                {
                    failure = await RequestAsync(pod, tenants[n % tenants.Count]);
                }
                finally
                {
                    turn.Release();
                }

                if (failure is null)
                    Interlocked.Increment(ref _served);
                else
                    _others.AddOrUpdate(failure, 1, static (_, count) => count + 1);
                await Task.Delay(pause, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // It ends.
        }
    }

    /// <summary>Null when it was served, otherwise what became of it.</summary>
    private async Task<string?> RequestAsync(LedgerPod pod, Tenant tenant)
    {
        try
        {
            var answer = await pod.RequestAsync(tenant, _stop.Token);
            return answer == HttpStatusCode.OK ? null : answer.ToString();
        }
        catch (HttpRequestException exception)
        {
            return exception.HttpRequestError.ToString();
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            // The client has given up: a request that nobody answers has failed, and is not the end of the load.
            return "no answer in time";
        }
    }
}
