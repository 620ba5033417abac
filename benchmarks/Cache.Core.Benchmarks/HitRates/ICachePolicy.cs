namespace Cache.Core.Benchmarks.HitRates;

/// <summary>A cache of bounded size that only counts hits.</summary>
internal interface ICachePolicy
{
    /// <summary>Asks for a key and keeps it; returns whether it was there.</summary>
    bool Access(int key);
}
