using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace TenantPlatform.Hosting.Tests.Replicas;

/// <summary>A replica that does with each of its connections what a test says, byte for byte.</summary>
internal sealed class ScriptedReplica : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<RawConnection, Task> _script;
    private readonly ConcurrentBag<RawConnection> _open = [];
    private readonly Task _accepting;
    private int _connections;

    public ScriptedReplica(Func<RawConnection, Task> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections were opened to it.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>One that reads the head of each request and gives the same answer.</summary>
    public static ScriptedReplica Answering(string answer) => new(async connection =>
    {
        while ((await connection.ReadThroughAsync("\r\n\r\n")).Length > 0)
            await connection.SendAsync(answer);
    });

    /// <summary>One that reads the head of a request, gives an answer and ends the connection.</summary>
    public static ScriptedReplica AnsweringOnce(string answer) => new(async connection =>
    {
        await connection.ReadThroughAsync("\r\n\r\n");
        await connection.SendAsync(answer);
    });

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var connection in _open)
            connection.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var connection = new RawConnection(await _listener.AcceptSocketAsync());
                _open.Add(connection);
                Interlocked.Increment(ref _connections);
                _ = RunAsync(connection);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task RunAsync(RawConnection connection)
    {
        try
        {
            await _script(connection);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The front ended it.
        }
        finally
        {
            connection.Dispose();
        }
    }
}
