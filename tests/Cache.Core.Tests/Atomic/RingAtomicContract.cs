using System.Diagnostics;
using Cache.Core.Tests.Valkey.Ring;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Atomic;

/// <summary>The same on a real ring of three servers.</summary>
[Collection(RingCollection.Name)]
public sealed class RingAtomicContract(RingFixture ring) : AtomicContract, IAsyncLifetime
{
    private RingPod? _pod;

    protected override ICacheClient Client => _pod!.Client;

    public async Task InitializeAsync()
    {
        await ring.RenewAsync();
        _pod = new RingPod(ring, Key, isCoherent: false);
        await _pod.UsesAsync(3);
    }

    public async Task DisposeAsync() => await _pod!.DisposeAsync();

    protected override async Task PassAsync(TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        await Eventually.HoldsAsync("the time", () => clock.Elapsed > time);
    }
}
