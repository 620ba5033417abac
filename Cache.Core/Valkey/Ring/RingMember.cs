using Cache.Core.Membership;
using Microsoft.Extensions.Logging;

namespace Cache.Core.Valkey.Ring;

/// <summary>One node of the ring: a server by itself, with all that a single server has.</summary>
internal sealed class RingMember : IAsyncDisposable
{
    public RingMember(int number, string address, ValkeyOptions ring, ILoggerFactory loggers, TimeProvider time)
    {
        (Number, Address) = (number, address);
        var options = ring.OfOne(address);
        Connection = new ValkeyConnection(options, loggers.CreateLogger<ValkeyConnection>(), time);
        Client = new ValkeyClient(Connection, loggers.CreateLogger<ValkeyClient>());
        PubSub = new ValkeyPubSub(Connection, loggers.CreateLogger<ValkeyPubSub>());
        Membership = new ValkeyMembership(Connection, loggers.CreateLogger<ValkeyMembership>());
        Probe = new RingProbe(address, options, time);
    }

    /// <summary>Its number in the placement.</summary>
    public int Number { get; }

    public string Address { get; }

    public ulong Bit => 1UL << Number;

    public ValkeyConnection Connection { get; }

    public ValkeyClient Client { get; }

    public ValkeyPubSub PubSub { get; }

    public ValkeyMembership Membership { get; }

    public RingProbe Probe { get; }

    public async ValueTask DisposeAsync()
    {
        await Probe.DisposeAsync().ConfigureAwait(false);
        await Connection.DisposeAsync().ConfigureAwait(false);
    }
}
