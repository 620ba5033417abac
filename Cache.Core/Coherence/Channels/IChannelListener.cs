namespace Cache.Core.Coherence.Channels;

/// <summary>Hears what one connection says. Called in the order in which the server said it.</summary>
internal interface IChannelListener
{
    void Changed(string valueKey);

    void Flushed();

    /// <summary>A heartbeat that was sent at this timestamp was answered.</summary>
    void Renewed(ChannelConnection connection, long sentAt);
}
