using Cache.Core.Valkey.Resp;

namespace Cache.Core.Coherence.Channels;

/// <summary>How a channel tells errors apart.</summary>
internal static class ChannelReplies
{
    /// <summary>Throws for an error: as a refusal, unless it may pass.</summary>
    public static RespValue Accepted(RespValue reply, string command)
    {
        if (reply.Kind != RespKind.Error)
            return reply;
        if (ChannelRefusedException.IsPassing(reply.ErrorCode))
            throw new RespProtocolException($"{command} was answered with {reply.ErrorCode}.");
        throw new ChannelRefusedException(command, reply.ErrorCode);
    }
}
