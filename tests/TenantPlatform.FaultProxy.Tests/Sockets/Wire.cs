using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TenantPlatform.FaultProxy.Tests.Sockets;

/// <summary>One end of a TCP connection, every wait bounded.</summary>
internal sealed class Wire(Socket socket) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task<Wire> ConnectAsync(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint).WaitAsync(Limit);
            return new Wire(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public Task SendAsync(string text) => SendAsync(Encoding.ASCII.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes).AsTask().WaitAsync(Limit)..];
    }

    /// <summary>Reads exactly so many bytes, as text.</summary>
    public async Task<string> ReceiveAsync(int bytes)
    {
        var buffer = new byte[bytes];
        var read = 0;
        while (read < bytes)
        {
            var more = await socket.ReceiveAsync(buffer.AsMemory(read)).AsTask().WaitAsync(Limit);
            if (more == 0)
                throw new EndOfStreamException($"The connection ended after {read} of {bytes} bytes.");
            read += more;
        }

        return Encoding.ASCII.GetString(buffer);
    }

    /// <summary>Reads what is there; 0 is the end.</summary>
    public Task<int> ReceiveAsync(Memory<byte> buffer) => socket.ReceiveAsync(buffer).AsTask().WaitAsync(Limit);

    /// <summary>Sends text and reads as much back.</summary>
    public async Task<string> EchoAsync(string text)
    {
        await SendAsync(text);
        return await ReceiveAsync(text.Length);
    }

    /// <summary>How the connection ends: "end" (FIN), or the socket error's name.</summary>
    public async Task<string> EndAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (await ReceiveAsync(buffer.AsMemory()) > 0)
            {
            }

            return "end";
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode.ToString();
        }
    }

    public void EndSending() => socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => socket.Dispose();
}
