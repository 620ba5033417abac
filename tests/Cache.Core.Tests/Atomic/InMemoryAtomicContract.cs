using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Atomic;

public sealed class InMemoryAtomicContract : AtomicContract
{
    private readonly FakeTimeProvider _time = new();

    public InMemoryAtomicContract() => Client = new InMemoryCacheClient(_time);

    protected override ICacheClient Client { get; }

    protected override Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}
