using Cache.Core.Benchmarks.Scenes;
using Cache.Core.Diagnostics;
using Cache.Core.Memory;

namespace Cache.Core.Benchmarks.HitRates;

/// <summary>The real L1.</summary>
internal sealed class TierPolicy(int capacity, int keys) : ICachePolicy
{
    private static string[] _names = [];
    private readonly MemoryTier _tier = new(capacity, TimeProvider.System, CacheMetrics.Shared);
    private readonly string[] _keys = Names(keys);

    public bool Access(int key)
    {
        if (_tier.TryGetFresh<string>(_keys[key], out _))
            return true;
        _tier.Set(_keys[key], "value", TimeSpan.Zero, TimeSpan.Zero);
        return false;
    }

    private static string[] Names(int keys)
    {
        if (_names.Length < keys)
            _names = [.. Enumerable.Range(0, keys).Select(BenchmarkKeys.Numbered)];
        return _names;
    }
}
