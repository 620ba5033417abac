using System.Net.Sockets;
using System.Security.Authentication;
using Cache.Core.Valkey.Resp;

namespace Cache.Core.Valkey;

/// <summary>Why a server cannot be used, in words that name the setting to look at. Never a secret.</summary>
internal static class ConnectionFault
{
    /// <summary>Asks the servers until one answers; null when one does, or else what is wrong with the last.</summary>
    public static async Task<string?> FindAsync(ValkeyOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        string? fault = null;
        foreach (var address in options.Addresses)
        {
            using var limited = new CancellationTokenSource(options.DialTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limited.Token);
            try
            {
                var connection = await SignIn.DialAsync(address, options, either.Token).ConfigureAwait(false);
                await using (connection.ConfigureAwait(false))
                    SignIn.Require(await connection.AskAsync(RespCommand.Encode("PING"), either.Token).ConfigureAwait(false), "PING");
                return null;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                fault = $"Valkey at {address} cannot be used: {Describe(exception, options)}";
            }
        }

        return fault;
    }

    public static string Describe(Exception exception, ValkeyOptions options) => exception switch
    {
        AuthenticationException => $"TLS failed: {exception.Message} See CACHE_CA_CERT_BASE64 and CACHE_ADDRS.",
        SocketException socket => $"nobody answers there ({socket.SocketErrorCode}). See CACHE_ADDRS.",
        OperationCanceledException => $"no answer within {options.DialTimeout.TotalSeconds:0.###} s (CACHE_DIAL_TIMEOUT). See CACHE_ADDRS and CACHE_TLS_ENABLED.",
        RespProtocolException { IsSignInRefused: true } => $"it does not let us in: {exception.Message} See CACHE_USERNAME and CACHE_PASSWORD.",
        RespProtocolException => exception.Message,
        IOException => "the connection was closed before it was of use. See CACHE_TLS_ENABLED.",
        _ => exception.GetType().Name,
    };
}
