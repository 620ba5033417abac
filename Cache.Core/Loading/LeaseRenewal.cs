using Cache.Core.Diagnostics;
using Cache.Core.Shared;
using Cache.Core.Tiered;

namespace Cache.Core.Loading;

/// <summary>
/// Keeps a lease for as long as its holder fetches, renewed at each third of its life. So a lease may be short (a process that
/// dies holds the others up no longer than that) while a fetch may be slow, and those who wait know that somebody is at it.
/// </summary>
internal sealed class LeaseRenewal : IDisposable
{
    private readonly SharedTier _l2;
    private readonly string _key;
    private readonly string _owner;
    private readonly EntryPlan _plan;
    private readonly CacheMetrics _metrics;
    private readonly ITimer _timer;
    private volatile bool _hasEnded;

    /// <summary>Begins; ends when disposed. A fetch that is done within the first third costs a timer and no call.</summary>
    public LeaseRenewal(SharedTier l2, string key, string owner, EntryPlan plan, TimeProvider time, CacheMetrics metrics)
    {
        (_l2, _key, _owner, _plan, _metrics) = (l2, key, owner, plan, metrics);
        var third = plan.LeaseLifetime / 3;
        _timer = time.CreateTimer(static renewal => _ = ((LeaseRenewal)renewal!).RenewAsync(), this, third, third);
    }

    /// <summary>What is left of the lease is for storing the answer, which gives it back.</summary>
    public void Dispose()
    {
        _hasEnded = true;
        _timer.Dispose();
    }

    private async Task RenewAsync()
    {
        // Null: L2 did not answer, and the next beat may still be in time. Whoever has ended has given the lease back.
        if (await _l2.RenewAsync(_key, _owner, _plan).ConfigureAwait(false) is not false || _hasEnded)
            return;
        _timer.Dispose();
        _metrics.Leased(CacheMetrics.Lost);
    }
}
