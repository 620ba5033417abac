using System.Collections.Concurrent;

namespace Cache.Core.AspNetCore.Forwarding;

/// <summary>The exchanges that are under way and can be joined: one per key (collapsed forwarding).</summary>
internal sealed class ExchangeTable(ExchangeServices services)
{
    private readonly ConcurrentDictionary<string, Exchange> _exchanges = new(StringComparer.Ordinal);

    /// <summary>Joins the exchange of a key, or begins it.</summary>
    /// <returns>The exchange, and whether it was begun by this call.</returns>
    public (Exchange Exchange, bool IsBegun) Join(ExchangePlan plan, Func<OriginRequest> origin)
    {
        if (_exchanges.TryGetValue(plan.Key, out var present))
            return (present, false);
        Exchange begun = new(services, origin(), plan, hasLeader: true);
        present = _exchanges.GetOrAdd(plan.Key, begun);
        if (!ReferenceEquals(present, begun))
            return (present, false);
        _ = RunAsync(begun);
        return (begun, true);
    }

    /// <summary>An exchange that nobody joins.</summary>
    public Exchange Begin(ExchangePlan plan, OriginRequest origin)
    {
        Exchange alone = new(services, origin, plan, hasLeader: true);
        _ = alone.RunAsync(isShared: false);
        return alone;
    }

    /// <summary>Ends when the exchange has stored what there was to store.</summary>
    public async Task RunAsync(Exchange exchange)
    {
        try
        {
            await exchange.RunAsync(isShared: true);
        }
        finally
        {
            _exchanges.TryRemove(KeyValuePair.Create(exchange.Plan.Key, exchange));
        }
    }

    /// <summary>Runs an exchange in the background, unless one for the key is under way.</summary>
    public Task RunInBackgroundAsync(ExchangePlan plan, OriginRequest origin)
    {
        Exchange exchange = new(services, origin, plan, hasLeader: false);
        return _exchanges.TryAdd(plan.Key, exchange) ? RunAsync(exchange) : Task.CompletedTask;
    }
}
