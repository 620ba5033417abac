using System.Collections.Concurrent;
using System.Threading.Channels;
using Cache.Core.AspNetCore.Diagnostics;

namespace Cache.Core.AspNetCore.Forwarding;

/// <summary>Validations behind answers that are served stale (RFC 5861, section 3): a bounded number waits, a bounded number runs, the rest is dropped and counted.</summary>
internal sealed class RevalidationQueue : IAsyncDisposable
{
    private readonly ExchangeTable _exchanges;
    private readonly HttpCacheMetrics _metrics;
    private readonly Channel<(ExchangePlan Plan, OriginRequest Origin)> _queue;
    private readonly ConcurrentDictionary<string, bool> _queued = new(StringComparer.Ordinal);
    private readonly Task _workers;

    public RevalidationQueue(HttpCacheOptions options, ExchangeTable exchanges, HttpCacheMetrics metrics)
    {
        (_exchanges, _metrics) = (exchanges, metrics);
        _queue = Channel.CreateBounded<(ExchangePlan, OriginRequest)>(options.RevalidationQueueCapacity);
        _workers = Task.WhenAll(Enumerable.Range(0, options.RevalidationConcurrency).Select(_ => Task.Run(WorkAsync)));
    }

    public void Add(ExchangePlan plan, Func<OriginRequest> origin)
    {
        if (!_queued.TryAdd(plan.Key, true) || _queue.Writer.TryWrite((plan, origin())))
            return;
        _queued.TryRemove(plan.Key, out _);
        _metrics.RevalidationDropped();
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        while (_queue.Reader.TryRead(out _))
        {
            // What has not begun is not begun any more.
        }

        await Task.WhenAny(_workers, Task.Delay(TimeSpan.FromSeconds(1)));
    }

    private async Task WorkAsync()
    {
        await foreach (var (plan, origin) in _queue.Reader.ReadAllAsync())
        {
            _metrics.Revalidating();
            await _exchanges.RunInBackgroundAsync(plan, origin);
            _queued.TryRemove(plan.Key, out _);
        }
    }
}
