using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Cache.Core.Valkey;

namespace Cache.Core.Valkey.Resp;

/// <summary>One connection to one server, speaking RESP: what StackExchange.Redis does not do, no more.</summary>
/// <remarks>One reader and one writer at a time. TLS and the private authority are those of the main connection.</remarks>
internal sealed class RespConnection : IAsyncDisposable
{
    /// <summary>Of a shared connection: more than is ever on its way there.</summary>
    private const int PatientSendBuffer = 256 * 1024;

    private readonly Socket _socket;
    private readonly Stream _wire;
    private readonly Stream _stream;
    private readonly RespReader _reader;

    private RespConnection(Socket socket, Stream wire, Stream stream, RespLimits? limits)
    {
        _socket = socket;
        _wire = wire;
        _stream = stream;
        _reader = new RespReader(stream, limits);
    }

    /// <summary>The server's host, as it was dialled.</summary>
    public required string Host { get; init; }

    /// <summary>Whether more has come than was read.</summary>
    public bool HasMore => _reader.HasMore;

    /// <summary>Connects, with TLS if the options ask for it. The caller bounds the time by the token.</summary>
    /// <exception cref="SocketException">Nobody answers there.</exception>
    /// <exception cref="AuthenticationException">The certificate is not to be trusted.</exception>
    public static async Task<RespConnection> DialAsync(string address, ValkeyOptions options, CancellationToken cancellationToken, RespLimits? limits = null)
    {
        var (host, port) = Split(address);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
            await socket.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
            return await OpenAsync(socket, new NetworkStream(socket, ownsSocket: true), host, options, limits, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>As <see cref="DialAsync"/>, for a connection that many callers share: see <see cref="PatientStream"/>.</summary>
    public static async Task<RespConnection> DialPatientAsync(string address, ValkeyOptions options, CancellationToken cancellationToken, RespLimits? limits = null)
    {
        var (host, port) = Split(address);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
            socket.SendBufferSize = PatientSendBuffer;

            // On a thread of its own: connecting asynchronously would make the socket a non-blocking one. Closing it ends the wait.
            using (cancellationToken.UnsafeRegister(static socket => ((Socket)socket!).Dispose(), socket))
            {
                await Task.Factory.StartNew(
                    () => socket.Connect(host, port), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
                return await OpenAsync(socket, new PatientStream(socket, options.WriteTimeout), host, options, limits, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends encoded commands, on the caller's thread. Only where they fit into the socket's buffer.</summary>
    public void Send(ReadOnlySpan<byte> commands)
    {
        _stream.Write(commands);
        _stream.Flush();
    }

    /// <summary>Goes on where waiting for answers holds up nobody.</summary>
    public ValueTask MoveAsync() => _wire is PatientStream { IsOwnThread: false } patient ? new ValueTask(patient.MoveAsync()) : ValueTask.CompletedTask;

    /// <summary>Sends encoded commands.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> commands, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(commands, cancellationToken).ConfigureAwait(false);
        await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the next value: a reply, or a push.</summary>
    /// <exception cref="RespProtocolException">The server closed the connection or broke the protocol.</exception>
    public ValueTask<RespValue> ReadAsync(CancellationToken cancellationToken) => _reader.ReadAsync(cancellationToken);

    /// <summary>Sends one command and reads its reply. For the handshake, before anything is pushed.</summary>
    public async ValueTask<RespValue> AskAsync(ReadOnlyMemory<byte> command, CancellationToken cancellationToken)
    {
        await SendAsync(command, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes at once, without a farewell: the other side may be frozen.</summary>
    public ValueTask DisposeAsync()
    {
        _wire.Dispose();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<RespConnection> OpenAsync(
        Socket socket, Stream wire, string host, ValkeyOptions options, RespLimits? limits, CancellationToken cancellationToken)
    {
        try
        {
            var stream = options.UseTls ? await SecureAsync(wire, host, options, cancellationToken).ConfigureAwait(false) : wire;
            return new RespConnection(socket, wire, stream, limits) { Host = host };
        }
        catch
        {
            await wire.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<Stream> SecureAsync(Stream plain, string host, ValkeyOptions options, CancellationToken cancellationToken)
    {
        var trust = options.CaCertificatePem is { } pem ? new ValkeyTrust(pem) : null;
        var tls = new SslStream(plain, leaveInnerStreamOpen: false);
        string? fault = null;
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    RemoteCertificateValidationCallback = trust is null ? null : (_, presented, _, errors) => (fault = trust.FindFault(presented, errors)) is null,
                },
                cancellationToken).ConfigureAwait(false);
            return tls;
        }
        catch (AuthenticationException exception) when (fault is not null)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw new AuthenticationException(fault, exception);
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static (string Host, int Port) Split(string address)
    {
        var colon = address.LastIndexOf(':');
        return (address[..colon].Trim('[', ']'), int.Parse(address.AsSpan(colon + 1), CultureInfo.InvariantCulture));
    }
}
