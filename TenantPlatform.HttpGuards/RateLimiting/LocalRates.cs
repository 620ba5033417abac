using Cache.Core.Rates;

namespace TenantPlatform.HttpGuards.RateLimiting;

/// <summary>
/// What this instance counts by itself while Valkey is away: the same algorithm, with this instance's share of each limit. .NET's
/// own limiters keep to the machine's clock, which tests cannot move, and cannot tell when a limit is whole again.
/// </summary>
/// <remarks>Safe for concurrent use. Bounded: limits that are whole again are forgotten.</remarks>
internal sealed class LocalRates(TimeProvider time, int instances, int capacity = LocalRates.DefaultCapacity)
{
    private const int DefaultCapacity = 20_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _whole = new(StringComparer.Ordinal);

    /// <summary>How many limits are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _whole.Count;
        }
    }

    /// <summary>An instance's part of a limit, one at once at least.</summary>
    public static RateTerms Share(RateTerms terms, int instances) => instances == 1
        ? terms
        : terms with { Period = terms.Period * instances, Burst = Math.Max(1, terms.Burst / instances) };

    public RateTake Take(string key, RateTerms terms)
    {
        var share = Share(terms, instances);
        var now = time.GetElapsedTime(0).Ticks / TimeSpan.TicksPerMicrosecond;
        lock (_lock)
        {
            var whole = _whole.GetValueOrDefault(key);
            var take = Gcra.Take(share, now, ref whole);
            if (take.IsAllowed && (_whole.Count < capacity || _whole.ContainsKey(key) || MakeRoom(now)))
                _whole[key] = whole;
            return take;
        }
    }

    /// <summary>Without room a limit is not remembered, and so lets everything through: that is better than an outage.</summary>
    private bool MakeRoom(long now)
    {
        foreach (var (key, whole) in _whole)
        {
            if (whole <= now)
                _whole.Remove(key);
        }

        return _whole.Count < capacity;
    }
}
