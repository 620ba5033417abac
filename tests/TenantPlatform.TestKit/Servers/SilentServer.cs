using System.Net;
using System.Net.Sockets;

namespace TenantPlatform.TestKit;

/// <summary>Takes connections on 127.0.0.1 and everything that comes over them, and never answers: a server that is still starting, or a network that swallows.</summary>
public sealed class SilentServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Begins to listen.</summary>
    public SilentServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The TCP port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>As host:port.</summary>
    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = SwallowAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task SwallowAsync(TcpClient client)
    {
        using (client)
        {
            var buffer = new byte[4096];
            try
            {
                while (await client.GetStream().ReadAsync(buffer, _stop.Token) > 0)
                {
                }
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                // The other side is gone, or the test is over.
            }
        }
    }
}
