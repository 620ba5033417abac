using Cache.Core.Fencing;
using Cache.Core.Valkey;

namespace Cache.Core.Tests.Fencing;

public sealed class InMemoryFenceContract : FenceContract
{
    protected override ICacheClient Client { get; } = new InMemoryCacheClient();
}
