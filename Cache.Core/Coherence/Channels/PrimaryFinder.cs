using Cache.Core.Valkey;
using Cache.Core.Valkey.Resp;

namespace Cache.Core.Coherence.Channels;

/// <summary>Finds the servers to listen to: all of them must be heard for L1 to be proven.</summary>
internal sealed class PrimaryFinder(ValkeyOptions options)
{
    private int _attempt;

    /// <summary>
    /// In a cluster, the primaries, as one of the addresses names them; each call asks the next address first.
    /// Otherwise one address, the next one at each call: which of several is the primary shows when it is asked.
    /// </summary>
    /// <remarks>The caller bounds the time by the token.</remarks>
    public async Task<IReadOnlyCollection<string>> FindAsync(CancellationToken cancellationToken)
    {
        var address = options.Addresses[(int)((uint)_attempt++ % options.Addresses.Count)];
        if (options.Mode != ValkeyMode.Cluster)
            return options.Mode == ValkeyMode.Single ? [address] : [.. options.Addresses];

        var connection = await SignIn.DialAsync(address, options, cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var slots = ChannelReplies.Accepted(await connection.AskAsync(ClusterSlots.Command, cancellationToken).ConfigureAwait(false), "CLUSTER SLOTS");
            return ClusterSlots.Primaries(slots, connection.Host);
        }
    }
}
