using Cache.Core.Valkey;

namespace Cache.Core.Tests.Administration;

/// <summary>By the double that stands for Valkey in tests.</summary>
public sealed class InMemoryPatternDeletionTests : PatternDeletionContract
{
    protected override ICacheClient Client { get; } = new InMemoryCacheClient();
}
