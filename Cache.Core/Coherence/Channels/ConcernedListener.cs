namespace Cache.Core.Coherence.Channels;

/// <summary>Passes on what a server tells of keys that it has, and not of those that others have and it was only told to give up.</summary>
internal sealed class ConcernedListener(IChannelListener inner, string address, Func<string, string, bool> concerns) : IChannelListener
{
    public void Changed(string valueKey)
    {
        if (concerns(valueKey, address))
            inner.Changed(valueKey);
    }

    public void Flushed() => inner.Flushed();

    public void Renewed(ChannelConnection connection, long sentAt) => inner.Renewed(connection, sentAt);
}
