using Cache.Core.Valkey.Resp;

namespace Cache.Core.Coherence.Channels;

/// <summary>What is said on a channel's connection. Stateless.</summary>
internal interface IChannelProtocol
{
    /// <summary>The word for it in the log.</summary>
    string Name { get; }

    /// <summary>Signs in and asks to be told of changes. When it returns, every later change on that server is told.</summary>
    /// <exception cref="ChannelRefusedException">The server does not do this kind of channel.</exception>
    /// <exception cref="RespProtocolException">The server answers something else, or an error that may pass.</exception>
    Task OpenAsync(RespConnection connection, CancellationToken cancellationToken);

    /// <summary>What is sent at every beat.</summary>
    ReadOnlyMemory<byte> Heartbeat { get; }

    /// <summary>How many replies that brings; the last one is that of PING.</summary>
    int HeartbeatReplies { get; }

    /// <summary>Tells the listener if the value is news rather than a reply; false if it is a reply.</summary>
    bool TryTell(RespValue value, IChannelListener listener);

    /// <summary>Checks one of a heartbeat's replies; false if it proves nothing.</summary>
    /// <exception cref="RespProtocolException">The server is no longer one to listen to.</exception>
    bool Proves(RespValue reply, RespConnection connection, IReadOnlyCollection<string> primaries);
}
