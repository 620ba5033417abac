using Cache.Core.Coherence.Resp;
using Cache.Core.Valkey;

namespace Cache.Core.Coherence.Channels;

/// <summary>Commands that both kinds of channel begin with, and how errors are told apart. No secret leaves it.</summary>
internal static class SignIn
{
    /// <summary>Signs in and speaks RESP3 from here on.</summary>
    public static byte[] Hello(ValkeyOptions options) => options.Password is null
        ? RespCommand.Encode("HELLO", "3")
        : RespCommand.Encode("HELLO", "3", "AUTH", options.UserName ?? "default", options.Password);

    /// <summary>Signs in, for servers that do not know HELLO; null when there is nothing to sign in with.</summary>
    public static byte[]? Auth(ValkeyOptions options) => (options.UserName, options.Password) switch
    {
        (_, null) => null,
        (null, { } password) => RespCommand.Encode("AUTH", password),
        ({ } user, { } password) => RespCommand.Encode("AUTH", user, password),
    };

    /// <summary>Shows the connection's name to operators; not every server allows it, and nothing depends on it.</summary>
    public static async Task NameAsync(RespConnection connection, ValkeyOptions options, CancellationToken cancellationToken) =>
        _ = await connection.AskAsync(RespCommand.Encode("CLIENT", "SETNAME", Printable(options.ClientName) + ":coherence"), cancellationToken).ConfigureAwait(false);

    /// <summary>Throws for an error: as a refusal, unless it may pass.</summary>
    public static RespValue Accepted(RespValue reply, string command)
    {
        if (reply.Kind != RespKind.Error)
            return reply;
        if (ChannelRefusedException.IsPassing(reply.ErrorCode))
            throw new RespProtocolException($"{command} was answered with {reply.ErrorCode}.");
        throw new ChannelRefusedException(command, reply.ErrorCode);
    }

    private static string Printable(string name) => string.Concat(name.Where(letter => letter is > ' ' and <= '~'));
}
