using Cache.Core.Tests.Valkey;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Contract;

[Collection(ValkeyCollection.Name)]
public sealed class TieredCacheContract : ConfigCacheContract, IAsyncDisposable
{
    private readonly ValkeyClients _clients;

    public TieredCacheContract(ValkeyFixture valkey)
    {
        _clients = new ValkeyClients(valkey);
        Cache = new TieredCache(new TieredCacheOptions(), new ValkeyConfigCache(_clients.Client, ValkeyFixture.NewPrefix()));
    }

    protected override IConfigCache Cache { get; }

    protected override Task LetPassAsync(TimeSpan time) => Task.Delay(time);

    public ValueTask DisposeAsync() => _clients.DisposeAsync();
}
