using Cache.Core.Tests.Valkey;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Fencing;

/// <summary>The fence as StackExchange.Redis serves it while there is no direct connection.</summary>
[Collection(ValkeyCollection.Name)]
public sealed class LibraryFenceContract : FenceContract, IAsyncDisposable
{
    private readonly ValkeyClients _clients;

    public LibraryFenceContract(ValkeyFixture valkey)
    {
        var options = ValkeyClients.Options(valkey, TimeSpan.FromSeconds(30));
        options.IsDirect = false;
        _clients = new ValkeyClients(options);
    }

    protected override ICacheClient Client => _clients.Client;

    public ValueTask DisposeAsync() => _clients.DisposeAsync();
}
