using BenchmarkDotNet.Attributes;
using Cache.Core.Benchmarks.Scenes;

namespace Cache.Core.Benchmarks.Micro;

/// <summary>The same hits by one thread and by two at once: with nothing shared, both take the same time.</summary>
[InProcess]
public class TwoThreadBenchmarks
{
    private const int Operations = 1_000_000;
    private HitScene _scene = null!;

    [GlobalSetup]
    public void SetUp() => _scene = new HitScene();

    [GlobalCleanup]
    public void CleanUp() => _scene.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public void OneThread() => _scene.L1Hit(Operations);

    [Benchmark(OperationsPerInvoke = 2 * Operations)]
    public void TwoThreads() => Parallel.For(0, 2, _ => _scene.L1Hit(Operations));
}
