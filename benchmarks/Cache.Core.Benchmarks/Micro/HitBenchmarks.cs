using BenchmarkDotNet.Attributes;
using Cache.Core.Benchmarks.Scenes;

namespace Cache.Core.Benchmarks.Micro;

/// <summary>One 70-character key, one materialised object.</summary>
[InProcess]
[MemoryDiagnoser]
public class HitBenchmarks
{
    private const int Operations = 1000;
    private HitScene _scene = null!;

    [GlobalSetup]
    public void SetUp() => _scene = new HitScene();

    [GlobalCleanup]
    public void CleanUp() => _scene.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public void ConcurrentDictionary() => _scene.Dictionary(Operations);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void L1Hit() => _scene.L1Hit(Operations);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void L1TryGet() => _scene.L1TryGet(Operations);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void GetTenantConfigHit() => _scene.TenantConfig(Operations);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void MemoryCache() => _scene.MemoryCache(Operations);
}
