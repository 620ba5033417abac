using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace TenantPlatform.Drills;

/// <summary>Sends a Valkey one command on a connection of its own, whatever state the application's connections are in.</summary>
internal static class ValkeyCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static async Task ExecuteAsync(string host, int port, string? password, string[] command, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, limit.Token);
            await using var stream = client.GetStream();
            if (password is not null)
                await RoundTripAsync(stream, ["AUTH", password], limit.Token);
            await RoundTripAsync(stream, command, limit.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The Valkey on port {port.ToString(CultureInfo.InvariantCulture)} did not answer {command[0]} within {Limit.TotalSeconds} s.", exception);
        }
    }

    private static async Task RoundTripAsync(NetworkStream stream, string[] command, CancellationToken cancellationToken)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{command.Length}\r\n");
        foreach (var part in command)
            text.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(part)}\r\n{part}\r\n");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);

        // A status, a number or an error: each is one line.
        using var reader = new StreamReader(stream, leaveOpen: true);
        var answer = await reader.ReadLineAsync(cancellationToken) ?? throw new IOException($"The connection was closed before {command[0]} was answered.");
        if (answer.StartsWith('-'))
            throw new InvalidOperationException($"{command[0]} was refused: {answer[1..]}");
    }
}
