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
        Exchange? begun = null;
        while (true)
        {
            var isUnderWay = _exchanges.TryGetValue(plan.Key, out var present);

            // What began before something was removed answers nobody who asks after that.
            if (isUnderWay && present!.Plan.Before == plan.Before)
                return (present, false);
            begun ??= new Exchange(services, origin(), plan, hasLeader: true);
            if (!(isUnderWay ? _exchanges.TryUpdate(plan.Key, begun, present!) : _exchanges.TryAdd(plan.Key, begun)))
                continue;
            _ = RunAsync(begun, isShared: !isUnderWay);
            return (begun, true);
        }
    }

    /// <summary>The exchange that a request could join; null when there is none.</summary>
    public Exchange? Find(ExchangePlan plan) => _exchanges.TryGetValue(plan.Key, out var present) && present.Plan.Before == plan.Before ? present : null;

    /// <summary>An exchange that nobody joins.</summary>
    public Exchange Begin(ExchangePlan plan, OriginRequest origin)
    {
        Exchange alone = new(services, origin, plan, hasLeader: true);
        _ = alone.RunAsync(isShared: false);
        return alone;
    }

    /// <summary>Ends when the exchange has stored what there was to store.</summary>
    public async Task RunAsync(Exchange exchange, bool isShared = true)
    {
        try
        {
            await exchange.RunAsync(isShared);
        }
        finally
        {
            _exchanges.TryRemove(KeyValuePair.Create(exchange.Plan.Key, exchange));
            exchange.Settle();
        }
    }

    /// <summary>Runs an exchange in the background, unless one for the key is under way.</summary>
    public Task RunInBackgroundAsync(ExchangePlan plan, OriginRequest origin)
    {
        Exchange exchange = new(services, origin, plan, hasLeader: false);
        return _exchanges.TryAdd(plan.Key, exchange) ? RunAsync(exchange) : Task.CompletedTask;
    }
}
