using Cache.Core.Coherence;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;

namespace Cache.Core.Tests.Races;

/// <summary>One process: its cache, its way to Valkey, and the channel that tells it of changes when the test says so.</summary>
internal sealed record Pod(TieredCache Cache, HeldFence Fence, ICoherence Channel)
{
    public FakeCoherence Told => (FakeCoherence)Channel;
}
