using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace TenantPlatform.FaultProxy.Tests.Sockets;

/// <summary>A target on a port of its own. Answers every byte with itself, or leaves its connections to the test.</summary>
internal sealed class TargetServer : IAsyncDisposable
{
    private readonly Socket _listening = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly BlockingCollection<Socket> _accepted = [];
    private readonly bool _echoes;
    private readonly Task _accepting;
    private int _count;

    public TargetServer(bool echoes = true)
    {
        _echoes = echoes;
        _listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listening.Listen(1024);
        _accepting = AcceptAsync();
    }

    /// <summary>Its port.</summary>
    public int Port => ((IPEndPoint)_listening.LocalEndPoint!).Port;

    /// <summary>How many connections it has accepted.</summary>
    public int Accepted => Volatile.Read(ref _count);

    /// <summary>The next accepted connection.</summary>
    public async Task<Wire> NextAsync()
    {
        Socket? socket = null;
        await TestKit.Eventually.HoldsAsync("the target accepts a connection", () => _accepted.TryTake(out socket));
        return new Wire(socket!);
    }

    public async ValueTask DisposeAsync()
    {
        _listening.Dispose();
        await _accepting;
        foreach (var socket in _accepted)
            socket.Dispose();
        _accepted.Dispose();
    }

    private static async Task EchoAsync(Socket socket)
    {
        using (socket)
        {
            var buffer = new byte[32 * 1024];
            try
            {
                int read;
                while ((read = await socket.ReceiveAsync(buffer.AsMemory())) > 0)
                    await new Wire(socket).SendAsync(buffer.AsMemory(0, read));
            }
            catch (SocketException)
            {
            }
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listening.AcceptAsync();
                Interlocked.Increment(ref _count);
                socket.NoDelay = true;
                if (_echoes)
                    _ = EchoAsync(socket);
                else
                    _accepted.Add(socket);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
        }
    }
}
