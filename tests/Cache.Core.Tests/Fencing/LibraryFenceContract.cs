using Cache.Core.Fencing;
using Cache.Core.Tests.Valkey;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Fencing;

/// <summary>The fence as StackExchange.Redis serves it while there is no direct connection.</summary>
[Collection(ValkeyCollection.Name)]
public sealed class LibraryFenceContract : FenceContract, IAsyncDisposable
{
    private readonly ValkeyFixture _valkey;
    private readonly ValkeyClients _clients;

    public LibraryFenceContract(ValkeyFixture valkey)
    {
        _valkey = valkey;
        var options = ValkeyClients.Options(valkey, TimeSpan.FromSeconds(30));
        options.IsDirect = false;
        _clients = new ValkeyClients(options);
    }

    protected override ICacheClient Client => _clients.Client;

    [Fact]
    public async Task Peek_AtWhatIsNoText_TellsAnEmptyValue_AndLeavesIt()
    {
        await _valkey.ExecuteAsync("SET", FenceKeys.Fence(Key), "garbage");
        await _valkey.ExecuteAsync("LPUSH", FenceKeys.Lease(Key), "garbage");
        await _valkey.ExecuteAsync("LPUSH", Key, "garbage");

        var peeked = await Client.Fence.PeekAsync(Key);

        Assert.Equal([], peeked.Value!);
        Assert.Equal((null, null, false), (peeked.Revision, peeked.Denial, peeked.IsLeasedElsewhere));
        Assert.Equal(3L, await _valkey.ExecuteAsync("EXISTS", Key, FenceKeys.Fence(Key), FenceKeys.Lease(Key)));
    }

    public ValueTask DisposeAsync() => _clients.DisposeAsync();
}
