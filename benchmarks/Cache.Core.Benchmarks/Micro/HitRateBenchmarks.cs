using BenchmarkDotNet.Attributes;
using Cache.Core.Benchmarks.HitRates;

namespace Cache.Core.Benchmarks.Micro;

/// <summary>What a request costs with its misses, fills and evictions: Zipf(0.9), room for a hundredth of the keys.</summary>
[InProcess]
[MemoryDiagnoser]
public class HitRateBenchmarks
{
    private const int Keys = 100_000;
    private const int Requests = 100_000;
    private readonly int[] _requests = Workloads.Zipf(Keys, Requests, 0.9, seed: 7);

    [Benchmark(Baseline = true, OperationsPerInvoke = Requests)]
    public double Lru() => HitRate.Of(new LruPolicy(Keys / 100), _requests);

    [Benchmark(OperationsPerInvoke = Requests)]
    public double L1() => HitRate.Of(new TierPolicy(Keys / 100, Keys), _requests);
}
