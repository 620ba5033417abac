using Cache.Core.Tests.Valkey.Ring;
using Cache.Core.Valkey;

namespace Cache.Core.Tests.Administration;

/// <summary>On a real ring of three servers.</summary>
[Collection(RingCollection.Name)]
public sealed class RingPatternDeletionTests(RingFixture ring) : PatternDeletionContract, IAsyncLifetime
{
    private RingPod? _pod;

    protected override ICacheClient Client => _pod!.Client;

    public async Task InitializeAsync()
    {
        await ring.RenewAsync();
        _pod = new RingPod(ring, Prefix, isCoherent: false);
        await _pod.UsesAsync(3);
    }

    public async Task DisposeAsync() => await _pod!.DisposeAsync();
}
