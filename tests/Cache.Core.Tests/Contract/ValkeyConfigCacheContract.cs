using Cache.Core.Tests.Valkey;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Contract;

[Collection(ValkeyCollection.Name)]
public sealed class ValkeyConfigCacheContract : ConfigCacheContract, IAsyncDisposable
{
    private readonly ValkeyClients _clients;

    public ValkeyConfigCacheContract(ValkeyFixture valkey)
    {
        _clients = new ValkeyClients(valkey);
        Cache = new ValkeyConfigCache(_clients.Client, ValkeyFixture.NewPrefix());
    }

    protected override IConfigCache Cache { get; }

    // Valkey's own clock decides, so real time passes.
    protected override Task LetPassAsync(TimeSpan time) => Task.Delay(time);

    public ValueTask DisposeAsync() => _clients.DisposeAsync();
}
