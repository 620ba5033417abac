using BenchmarkDotNet.Attributes;
using Cache.Core.Benchmarks.Scenes;

namespace Cache.Core.Benchmarks.Micro;

/// <summary>100 000 keys in random order.</summary>
[InProcess]
[MemoryDiagnoser]
public class ManyKeysBenchmarks
{
    private ManyKeysScene _scene = null!;

    [GlobalSetup]
    public void SetUp() => _scene = new ManyKeysScene();

    [Benchmark(Baseline = true, OperationsPerInvoke = ManyKeysScene.Keys)]
    public void ConcurrentDictionary() => _scene.Dictionary(ManyKeysScene.Keys);

    [Benchmark(OperationsPerInvoke = ManyKeysScene.Keys)]
    public void L1Hit() => _scene.L1Hit(ManyKeysScene.Keys);
}
