using System.Globalization;
using System.IO.Compression;
using System.Net.Sockets;
using System.Text;

namespace TenantManager.Api.Tests.Go;

/// <summary>One connection that is kept, over which bytes are sent exactly as they are given.</summary>
internal sealed class GoConnection : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly TcpClient _tcp = new();

    public static async Task<GoConnection> OpenAsync(Uri address)
    {
        var connection = new GoConnection();
        await connection._tcp.ConnectAsync(address.Host, address.Port).WaitAsync(Limit);
        return connection;
    }

    /// <summary>Sends a request; returns the status and the text of the answer.</summary>
    public async Task<(int Status, string Body)> SendAsync(byte[] request)
    {
        using var limit = new CancellationTokenSource(Limit);
        var stream = _tcp.GetStream();
        await stream.WriteAsync(request, limit.Token);
        var head = await ReadHeadAsync(stream, limit.Token);
        var status = int.Parse(head[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var fields = head.Skip(1).Select(line => line.Split(':', 2)).ToLookup(field => field[0].Trim(), field => field[1].Trim(), StringComparer.OrdinalIgnoreCase);
        var body = fields["Transfer-Encoding"].Contains("chunked")
            ? await ReadChunksAsync(stream, limit.Token)
            : await ReadAsync(stream, fields["Content-Length"].Select(length => int.Parse(length, CultureInfo.InvariantCulture)).SingleOrDefault(), limit.Token);

        // Go's transport asks for gzip, and unpacks it unseen.
        if (fields["Content-Encoding"].Contains("gzip"))
            body = await UnpackAsync(body, limit.Token);
        return (status, Encoding.UTF8.GetString(body));
    }

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<List<string>> ReadHeadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        while (await ReadLineAsync(stream, cancellationToken) is { Length: > 0 } line)
            lines.Add(line);
        return lines;
    }

    private static async Task<string> ReadLineAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (true)
        {
            var next = (char)(await ReadAsync(stream, 1, cancellationToken))[0];
            if (next == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append(next);
        }
    }

    private static async Task<byte[]> ReadChunksAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var body = new List<byte>();
        while (true)
        {
            var length = int.Parse(await ReadLineAsync(stream, cancellationToken), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.AddRange(await ReadAsync(stream, length, cancellationToken));
            await ReadLineAsync(stream, cancellationToken);
            if (length == 0)
                return [.. body];
        }
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream, int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    private static async Task<byte[]> UnpackAsync(byte[] packed, CancellationToken cancellationToken)
    {
        await using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        await gzip.CopyToAsync(plain, cancellationToken);
        return plain.ToArray();
    }
}
