namespace Cache.Core.Valkey.Resp;

/// <summary>How a connection of our own begins. No secret leaves it.</summary>
internal static class SignIn
{
    /// <summary>Connects and signs in. The caller bounds the time by the token.</summary>
    /// <exception cref="RespProtocolException">The server refuses; the message holds its error's code and nothing else of it.</exception>
    public static async Task<RespConnection> DialAsync(string address, ValkeyOptions options, CancellationToken cancellationToken, RespLimits? limits = null)
    {
        var connection = await RespConnection.DialAsync(address, options, cancellationToken, limits).ConfigureAwait(false);
        try
        {
            if (Auth(options) is { } auth)
                Require(await connection.AskAsync(auth, cancellationToken).ConfigureAwait(false), "AUTH");
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The reply, unless it is an error.</summary>
    public static RespValue Require(RespValue reply, string command) =>
        reply.Kind != RespKind.Error
            ? reply
            : throw new RespProtocolException($"{command} was answered with {reply.ErrorCode}.") { IsSignInRefused = command == "AUTH" || reply.ErrorCode == "NOAUTH" };

    /// <summary>Signs in and speaks RESP3 from here on.</summary>
    public static byte[] Hello(ValkeyOptions options) => options is { UserName: null, Password: null }
        ? RespCommand.Encode("HELLO", "3")
        : RespCommand.Encode("HELLO", "3", "AUTH", options.UserName ?? "default", options.Password ?? string.Empty);

    /// <summary>Signs in, for servers that do not know HELLO; null when there is nothing to sign in with.</summary>
    public static byte[]? Auth(ValkeyOptions options) => (options.UserName, options.Password) switch
    {
        (null, null) => null,
        (null, { } password) => RespCommand.Encode("AUTH", password),
        ({ } user, var password) => RespCommand.Encode("AUTH", user, password ?? string.Empty),
    };

    /// <summary>Shows the connection's name to operators; not every server allows it, and nothing depends on it.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="options">Hold the client's name.</param>
    /// <param name="purpose">What this connection of the client is for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task NameAsync(RespConnection connection, ValkeyOptions options, string purpose, CancellationToken cancellationToken) =>
        _ = await connection.AskAsync(RespCommand.Encode("CLIENT", "SETNAME", $"{Printable(options.ClientName)}:{purpose}"), cancellationToken).ConfigureAwait(false);

    private static string Printable(string name) => string.Concat(name.Where(letter => letter is > ' ' and <= '~'));
}
