using BitFaster.Caching.Lfu;
using BitFaster.Caching.Scheduler;

namespace Cache.Core.Benchmarks.HitRates;

/// <summary>W-TinyLFU as BitFaster.Caching has it. Its upkeep runs on the caller, so that a run can be repeated.</summary>
internal sealed class LfuPolicy(int capacity) : ICachePolicy
{
    private readonly ConcurrentLfu<int, int> _cache = new(concurrencyLevel: 1, capacity, new ForegroundScheduler(), EqualityComparer<int>.Default);

    public bool Access(int key)
    {
        if (_cache.TryGet(key, out _))
            return true;
        _cache.AddOrUpdate(key, key);
        return false;
    }
}
