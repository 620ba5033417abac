using Cache.Core.Tests.Fencing;
using Cache.Core.Valkey;

namespace Cache.Core.Tests.Valkey.Users;

/// <summary>The fence as StackExchange.Redis serves it, for a user with least rights.</summary>
[Collection(AclCollection.Name)]
public sealed class AclFenceContract(AclFixture acl) : FenceContract, IAsyncDisposable
{
    private readonly ValkeyClients _clients = new(acl.Options(isDirect: false));

    protected override ICacheClient Client => _clients.Client;

    public ValueTask DisposeAsync() => _clients.DisposeAsync();
}
