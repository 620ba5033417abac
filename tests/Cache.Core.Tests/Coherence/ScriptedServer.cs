using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Cache.Core.Valkey;
using Cache.Core.Valkey.Resp;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Coherence;

/// <summary>A server that says what a test tells it to, when it tells it to: for orders and refusals that a real one cannot be made to show.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2? _certificate;
    private readonly ConcurrentDictionary<Stream, Socket> _clients = new();
    private Stream? _latest;

    public ScriptedServer(X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Every command received, as one line each.</summary>
    public ConcurrentQueue<string> Received { get; } = new();

    /// <summary>Answers that replace the usual ones, by how the command begins. An empty answer: none.</summary>
    public ConcurrentDictionary<string, string> Answers { get; } = new(StringComparer.Ordinal);

    public string Role { get; set; } = "master";

    public int Count(string command) => Received.Count(line => line.StartsWith(command, StringComparison.Ordinal));

    public Task ReceivedAsync(string command, int atLeast = 1) => Eventually.HoldsAsync($"{atLeast} × {command}", () => Count(command) >= atLeast);

    /// <summary>Says something on the latest connection.</summary>
    public async Task SayAsync(string text) => await _latest!.WriteAsync(Encoding.UTF8.GetBytes(text));

    public void Drop()
    {
        foreach (var socket in _clients.Values)
            socket.Dispose();
    }

    public static string Invalidate(params string[] keys) =>
        $">2\r\n+invalidate\r\n*{keys.Length}\r\n{string.Concat(keys.Select(key => $"${Encoding.UTF8.GetByteCount(key)}\r\n{key}\r\n"))}";

    public ValkeyOptions Options(params ScriptedServer[] others) => new()
    {
        Addresses = [Address, .. others.Select(other => other.Address)],
        Password = "the-password",
        DialTimeout = TimeSpan.FromHours(1), // of the time that a test moves, while real sockets take real time
        UseTls = _certificate is not null,
    };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Drop();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (_certificate is not null)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
                stream = tls;
            }

            _clients[stream] = socket;
            _latest = stream;
            var reader = new RespReader(stream);
            while (true)
            {
                var command = string.Join(' ', (await reader.ReadAsync(_stop.Token)).Items.Select(item => item.Text));
                var answer = Answers.FirstOrDefault(pair => command.StartsWith(pair.Key, StringComparison.Ordinal)).Value ?? Usual(command);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
                Received.Enqueue(command);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException or ObjectDisposedException
            or System.Security.Authentication.AuthenticationException)
        {
            // That client has gone.
        }
    }

    private string Usual(string command) => command.Split(' ') switch
    {
        ["HELLO", ..] => $"%2\r\n+proto\r\n:3\r\n+role\r\n+{Role}\r\n",
        ["PING", ..] => "+PONG\r\n",
        ["SUBSCRIBE", .. var channels] => string.Concat(channels.Select((channel, i) => $"*3\r\n$9\r\nsubscribe\r\n${channel.Length}\r\n{channel}\r\n:{i + 1}\r\n")),
        _ => "+OK\r\n",
    };
}
