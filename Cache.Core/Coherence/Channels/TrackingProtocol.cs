using Cache.Core.Valkey;
using Cache.Core.Valkey.Resp;

namespace Cache.Core.Coherence.Channels;

/// <summary>
/// The server itself tells of every changed or deleted key under the prefixes: <c>CLIENT TRACKING ON BCAST PREFIX …</c> over RESP3.
/// </summary>
/// <remarks>
/// <para>Without NOLOOP: it compares connections, and this process writes on another one than it listens on.</para>
/// <para>A heartbeat is HELLO (is this server still a primary?), in a cluster CLUSTER SLOTS (are these still all primaries?), and PING.
/// Only PING proves anything: a server that is busy with a script or loading its data still answers HELLO, but refuses PING.</para>
/// </remarks>
internal sealed class TrackingProtocol : IChannelProtocol
{
    private static readonly byte[] Alone = [.. RespCommand.Encode("HELLO", "3"), .. RespCommand.Encode("PING")];
    private static readonly byte[] InCluster =
        [.. RespCommand.Encode("HELLO", "3"), .. RespCommand.Encode("CLUSTER", "SLOTS"), .. RespCommand.Encode("PING")];

    private readonly ValkeyOptions _options;
    private readonly byte[] _track;

    public TrackingProtocol(ValkeyOptions options, IEnumerable<string> prefixes)
    {
        _options = options;
        _track = RespCommand.Encode([.. Command(Disjoint(prefixes))]);
    }

    public string Name => "tracking";

    public ReadOnlyMemory<byte> Heartbeat => _options.Mode == ValkeyMode.Cluster ? InCluster : Alone;

    public int HeartbeatReplies => _options.Mode == ValkeyMode.Cluster ? 3 : 2;

    public async Task OpenAsync(RespConnection connection, CancellationToken cancellationToken)
    {
        var hello = ChannelReplies.Accepted(await connection.AskAsync(SignIn.Hello(_options), cancellationToken).ConfigureAwait(false), "HELLO 3");
        RequirePrimary(hello);
        await SignIn.NameAsync(connection, _options, "coherence", cancellationToken).ConfigureAwait(false);
        ChannelReplies.Accepted(await connection.AskAsync(_track, cancellationToken).ConfigureAwait(false), "CLIENT TRACKING");
    }

    public bool TryTell(RespValue value, IChannelListener listener)
    {
        if (value.Kind != RespKind.Push)
            return false;
        if (value.Items is [var kind, var keys] && kind.IsText("invalidate"))
        {
            if (keys.Kind == RespKind.Null)
                listener.Flushed();
            foreach (var key in keys.Items)
                listener.Changed(key.Text);
        }

        return true;
    }

    public bool Proves(RespValue reply, RespConnection connection, IReadOnlyCollection<string> primaries)
    {
        switch (reply.Kind)
        {
            case RespKind.Map:
                RequirePrimary(reply);
                return true;
            case RespKind.List:
                if (!ClusterSlots.Primaries(reply, connection.Host).SetEquals(primaries))
                    throw new RespProtocolException("The cluster's primaries have changed.");
                return true;
            default:
                return reply.IsText("PONG");
        }
    }

    /// <summary>The server refuses prefixes of which one begins another: the shorter one says it all.</summary>
    internal static IReadOnlyList<string> Disjoint(IEnumerable<string> prefixes)
    {
        var all = prefixes.Distinct(StringComparer.Ordinal).ToList();
        return [.. all.Where(mine => !all.Exists(other => other.Length < mine.Length && mine.StartsWith(other, StringComparison.Ordinal)))];
    }

    private static IEnumerable<string> Command(IReadOnlyList<string> prefixes) =>
        ["CLIENT", "TRACKING", "ON", "BCAST", .. prefixes.Where(prefix => prefix.Length > 0).SelectMany(prefix => new[] { "PREFIX", prefix })];

    private static void RequirePrimary(RespValue hello)
    {
        // A replica tells of changes as well, but late by the replication's lag, which no heartbeat bounds.
        if (hello.Find("role") is { } role && !role.IsText("master") && !role.IsText("primary"))
            throw new RespProtocolException("The server is not a primary.");
    }
}
