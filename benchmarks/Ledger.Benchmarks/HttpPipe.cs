using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ledger.Benchmarks;

/// <summary>
/// One HTTP/1.1 connection that sends bytes and counts on answers with a length, or in chunks: a client of the framework would take
/// a good part of the processor that is to be measured.
/// </summary>
internal sealed class HttpPipe : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];

    public static async Task<HttpPipe> OpenAsync(int port, CancellationToken stop)
    {
        var pipe = new HttpPipe();
        await pipe._socket.ConnectAsync(IPAddress.Loopback, port, stop);
        return pipe;
    }

    /// <summary>Sends a request, reads the whole answer and returns its status.</summary>
    public async Task<int> SendAsync(ReadOnlyMemory<byte> request, CancellationToken stop)
    {
        await _socket.SendAsync(request, stop);
        var filled = 0;
        while (true)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(filled), stop);
            if (read == 0)
                throw new IOException("The service closed the connection.");
            filled += read;
            if (IsWhole(_buffer.AsSpan(0, filled)))
                return int.Parse(_buffer.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);
        }
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var head = Encoding.ASCII.GetString(answer[..(end + 2)]);
        if (head.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase) is var at and >= 0)
        {
            var from = at + "Content-Length: ".Length;
            return answer.Length >= end + 4 + int.Parse(head.AsSpan(from, head.IndexOf('\r', from) - from), NumberStyles.None, CultureInfo.InvariantCulture);
        }

        return head.Contains("chunked", StringComparison.OrdinalIgnoreCase) ? answer.EndsWith("\r\n0\r\n\r\n"u8) : true;
    }
}
