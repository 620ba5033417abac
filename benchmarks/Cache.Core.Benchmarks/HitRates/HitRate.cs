namespace Cache.Core.Benchmarks.HitRates;

/// <summary>The share of requests that hit, filling the empty cache included.</summary>
internal static class HitRate
{
    public static double Of(ICachePolicy policy, int[] requests)
    {
        var hits = 0;
        foreach (var key in requests)
        {
            if (policy.Access(key))
                hits++;
        }

        return hits / (double)requests.Length;
    }
}
