using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TenantPlatform.LocalServers;

/// <summary>The little of Valkey's protocol that starting, checking and preparing a server takes. One command at a time.</summary>
internal sealed class RespConnection : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TcpClient _client = new();
    private Stream _stream = Stream.Null;

    private RespConnection()
    {
    }

    public static async Task<RespConnection> OpenAsync(int port, string? password, CancellationToken cancellationToken)
    {
        var connection = new RespConnection();
        try
        {
            await connection._client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            connection._client.NoDelay = true;
            connection._stream = new BufferedStream(connection._client.GetStream());
            if (password is not null)
                await connection.ExecuteAsync(["AUTH", password], cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task<object?> ExecuteAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using var request = new MemoryStream();
        request.Write(Encoding.UTF8.GetBytes($"*{command.Count}\r\n"));
        foreach (var bytes in command.Select(Encoding.UTF8.GetBytes))
        {
            request.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"${bytes.Length}\r\n")));
            request.Write(bytes);
            request.Write("\r\n"u8);
        }

        try
        {
            await _stream.WriteAsync(request.GetBuffer().AsMemory(0, (int)request.Length), limit.Token);
            await _stream.FlushAsync(limit.Token);
            return await ReadAsync(limit.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"Valkey did not answer {command[0]} within {Limit.TotalSeconds} s.", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _client.Dispose();
    }

    private async Task<object?> ReadAsync(CancellationToken cancellationToken)
    {
        var line = await ReadLineAsync(cancellationToken);
        switch (line[0])
        {
            case '+':
                return line[1..];
            case '-':
                throw new InvalidOperationException($"Valkey answered: {line[1..]}");
            case ':':
                return long.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
            case '$':
                return await ReadTextAsync(int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture), cancellationToken);
            case '*':
                var items = new object?[Math.Max(0, int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture))];
                for (var i = 0; i < items.Length; i++)
                    items[i] = await ReadAsync(cancellationToken);
                return items;
            default:
                throw new IOException("That is not Valkey's protocol.");
        }
    }

    private async Task<string?> ReadTextAsync(int length, CancellationToken cancellationToken)
    {
        if (length < 0)
            return null;
        var bytes = new byte[length + 2];
        await _stream.ReadExactlyAsync(bytes, cancellationToken);
        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var buffer = new byte[1];
        while (line.Length < 2 || line[^1] != '\n')
        {
            await _stream.ReadExactlyAsync(buffer, cancellationToken);
            line.Append((char)buffer[0]);
        }

        return line.ToString(0, line.Length - 2);
    }
}
