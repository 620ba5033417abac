namespace Cache.Core.Diagnostics;

/// <summary>One thread's counts, on cache lines that no other thread writes.</summary>
internal sealed class LookupCell(Thread owner)
{
    private PaddedTotals _counts;

    public bool IsLive => owner.IsAlive;

    public LookupTotals Totals =>
        new(Volatile.Read(ref _counts.Hits), Volatile.Read(ref _counts.StaleHits), Volatile.Read(ref _counts.Misses));

    public void Hit() => _counts.Hits++;

    public void StaleHit() => _counts.StaleHits++;

    public void Miss() => _counts.Misses++;
}
