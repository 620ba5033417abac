using System.Text;
using Cache.Core.Valkey;
using Cache.Core.Valkey.Resp;

namespace Cache.Core.Coherence.Channels;

/// <summary>
/// The processes tell each other: a message with nothing but the key on <c>cache-changes:PREFIX</c>. For servers that refuse tracking;
/// over RESP2, which all of them speak.
/// </summary>
/// <remarks>Weaker than tracking: a change is told only after its writer has announced it, and never if the writer is somebody else's program.</remarks>
internal sealed class PubSubProtocol : IChannelProtocol
{
    /// <summary>The longest key that is announced or listened to, in bytes.</summary>
    public const int LongestKey = 16 * 1024;

    private const string ChannelPrefix = "cache-changes:";
    private static readonly byte[] Ping = RespCommand.Encode("PING");
    private readonly ValkeyOptions _options;
    private readonly Dictionary<string, string> _prefixByChannel;

    public PubSubProtocol(ValkeyOptions options, IEnumerable<string> prefixes)
    {
        _options = options;
        _prefixByChannel = prefixes.Distinct(StringComparer.Ordinal).ToDictionary(prefix => ChannelPrefix + prefix, prefix => prefix, StringComparer.Ordinal);
    }

    public string Name => "pub/sub";

    public ReadOnlyMemory<byte> Heartbeat => Ping;

    public int HeartbeatReplies => 1;

    /// <summary>The channels on which a key's change is announced: one per prefix, as others may listen to a longer or a shorter one.</summary>
    public IEnumerable<string> ChannelsOf(string valueKey) =>
        _prefixByChannel.Where(channel => valueKey.StartsWith(channel.Value, StringComparison.Ordinal)).Select(channel => channel.Key);

    public async Task OpenAsync(RespConnection connection, CancellationToken cancellationToken)
    {
        if (SignIn.Auth(_options) is { } auth)
            ChannelReplies.Accepted(await connection.AskAsync(auth, cancellationToken).ConfigureAwait(false), "AUTH");
        await SignIn.NameAsync(connection, _options, "coherence", cancellationToken).ConfigureAwait(false);
        await connection.SendAsync(RespCommand.Encode(["SUBSCRIBE", .. _prefixByChannel.Keys]), cancellationToken).ConfigureAwait(false);
        for (var confirmed = 0; confirmed < _prefixByChannel.Count;)
        {
            // Messages may come between confirmations: nothing is proven yet, so nothing is lost with them.
            var reply = ChannelReplies.Accepted(await connection.ReadAsync(cancellationToken).ConfigureAwait(false), "SUBSCRIBE");
            if (reply.Items is [var kind, ..] && kind.IsText("subscribe"))
                confirmed++;
        }
    }

    public bool TryTell(RespValue value, IChannelListener listener)
    {
        if (value.Items is not [var kind, var channel, var message] || !kind.IsText("message"))
            return false;

        // Whoever may publish may make us look again, at keys of that channel and at no others.
        if (_prefixByChannel.TryGetValue(channel.Text, out var prefix)
            && message.Text.StartsWith(prefix, StringComparison.Ordinal)
            && Encoding.UTF8.GetByteCount(message.Text) <= LongestKey)
        {
            listener.Changed(message.Text);
        }

        return true;
    }

    public bool Proves(RespValue reply, RespConnection connection, IReadOnlyCollection<string> primaries) =>
        reply.IsText("PONG") || (reply.Items is [var kind, ..] && kind.IsText("pong"));
}
