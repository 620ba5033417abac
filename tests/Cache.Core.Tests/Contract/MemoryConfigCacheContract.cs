using Cache.Core.Memory;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Contract;

public sealed class MemoryConfigCacheContract : ConfigCacheContract
{
    private readonly FakeTimeProvider _time = new();

    public MemoryConfigCacheContract() => Cache = new MemoryConfigCache(time: _time);

    protected override IConfigCache Cache { get; }

    protected override Task LetPassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}
