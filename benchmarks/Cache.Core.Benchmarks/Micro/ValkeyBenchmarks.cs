using BenchmarkDotNet.Attributes;
using Cache.Core.Benchmarks.Scenes;

namespace Cache.Core.Benchmarks.Micro;

/// <summary>L2 over loopback, 1.2 kB values, one caller.</summary>
[InProcess]
[MemoryDiagnoser]
public class ValkeyBenchmarks
{
    private const int Operations = 100;
    private ValkeyScene _scene = null!;

    [GlobalSetup]
    public async Task SetUp() => _scene = await ValkeyScene.OpenAsync();

    [GlobalCleanup]
    public async Task CleanUp() => await _scene.DisposeAsync();

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public Task RawGet() => _scene.RawGetAsync(Operations);

    [Benchmark(OperationsPerInvoke = Operations)]
    public Task L2Hit() => _scene.L2HitAsync(Operations);

    [Benchmark(OperationsPerInvoke = Operations)]
    public Task RawSet() => _scene.RawSetAsync(Operations);

    [Benchmark(OperationsPerInvoke = Operations)]
    public Task Set() => _scene.SetAsync(Operations);
}
