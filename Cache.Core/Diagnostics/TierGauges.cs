using Cache.Core.Memory;

namespace Cache.Core.Diagnostics;

/// <summary>Sums what the tiers of this process hold. A tier that nobody uses any more is not kept alive by it.</summary>
internal sealed class TierGauges
{
    private readonly Lock _lock = new();
    private readonly List<WeakReference<IMemoryGauges>> _tiers = [];

    public void Watch(IMemoryGauges tier)
    {
        lock (_lock)
        {
            _tiers.RemoveAll(seen => !seen.TryGetTarget(out _));
            _tiers.Add(new WeakReference<IMemoryGauges>(tier));
        }
    }

    public void Unwatch(IMemoryGauges tier)
    {
        lock (_lock)
            _tiers.RemoveAll(seen => !seen.TryGetTarget(out var one) || ReferenceEquals(one, tier));
    }

    public long Sum(Func<IMemoryGauges, long> read)
    {
        lock (_lock)
            return _tiers.Sum(seen => seen.TryGetTarget(out var tier) ? read(tier) : 0);
    }
}
