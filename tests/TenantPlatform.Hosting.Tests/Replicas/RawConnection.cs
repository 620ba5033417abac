using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TenantPlatform.Hosting.Tests.Replicas;

/// <summary>A connection whose bytes a test writes and reads itself.</summary>
internal sealed class RawConnection(Socket socket) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly StringBuilder _unread = new();

    public static async Task<RawConnection> OpenAsync(int port, string firstBytes = "")
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = new CancellationTokenSource(Limit);
        await socket.ConnectAsync(IPAddress.Loopback, port, limit.Token);
        var connection = new RawConnection(socket);
        await connection.SendAsync(firstBytes);
        return connection;
    }

    public async Task SendAsync(string text)
    {
        using var limit = new CancellationTokenSource(Limit);
        for (ReadOnlyMemory<byte> bytes = Encoding.Latin1.GetBytes(text); !bytes.IsEmpty;)
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, limit.Token)..];
    }

    /// <summary>As much as ends with a text; what there was if the connection ended before that.</summary>
    public async Task<string> ReadThroughAsync(string end)
    {
        while (true)
        {
            var text = _unread.ToString();
            var length = text.IndexOf(end, StringComparison.Ordinal);
            if (length >= 0 || !await ReceiveAsync())
            {
                length = length < 0 ? text.Length : length + end.Length;
                _unread.Remove(0, length);
                return text[..length];
            }
        }
    }

    /// <summary>All that comes until the other side ends the connection.</summary>
    /// <exception cref="SocketException">It was reset.</exception>
    public async Task<string> ReadToEndAsync()
    {
        while (await ReceiveAsync())
        {
            // More may come.
        }

        return _unread.ToString();
    }

    /// <summary>Says that nothing more will be sent.</summary>
    public void EndSending() => socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => socket.Dispose();

    private async Task<bool> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var buffer = new byte[16 * 1024];
        var count = await socket.ReceiveAsync(buffer, SocketFlags.None, limit.Token);
        _unread.Append(Encoding.Latin1.GetString(buffer, 0, count));
        return count > 0;
    }
}
