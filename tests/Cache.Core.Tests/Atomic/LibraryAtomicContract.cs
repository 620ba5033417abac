using System.Diagnostics;
using Cache.Core.Tests.Valkey;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Atomic;

/// <summary>The same as StackExchange.Redis serves it while there is no direct connection.</summary>
[Collection(ValkeyCollection.Name)]
public sealed class LibraryAtomicContract : AtomicContract, IAsyncDisposable
{
    private readonly ValkeyClients _clients;

    public LibraryAtomicContract(ValkeyFixture valkey)
    {
        var options = ValkeyClients.Options(valkey, TimeSpan.FromSeconds(30));
        options.IsDirect = false;
        _clients = new ValkeyClients(options);
    }

    protected override ICacheClient Client => _clients.Client;

    public ValueTask DisposeAsync() => _clients.DisposeAsync();

    protected override async Task PassAsync(TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        await Eventually.HoldsAsync("the time", () => clock.Elapsed > time);
    }
}
