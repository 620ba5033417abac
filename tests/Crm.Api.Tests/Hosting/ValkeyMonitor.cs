using System.Net.Sockets;
using System.Text;
using TenantPlatform.TestKit;

namespace Crm.Api.Tests.Hosting;

/// <summary>Everything that is sent to a Valkey while it is watched: also what is published, and what lies there for a moment only.</summary>
internal sealed class ValkeyMonitor : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly TcpClient _client = new();
    private readonly StringBuilder _text = new();
    private readonly ValkeyFixture _valkey;
    private Task _reading = Task.CompletedTask;

    private ValkeyMonitor(ValkeyFixture valkey) => _valkey = valkey;

    public static async Task<ValkeyMonitor> StartAsync(ValkeyFixture valkey)
    {
        var monitor = new ValkeyMonitor(valkey);
        using var limit = new CancellationTokenSource(StartLimit);
        await monitor._client.ConnectAsync(valkey.Host, valkey.Port, limit.Token);
        var stream = monitor._client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {valkey.Password}\r\nMONITOR\r\n"), limit.Token);
        var reader = new StreamReader(stream, Encoding.Latin1);
        Assert.Equal(("+OK", "+OK"), (await reader.ReadLineAsync(limit.Token), await reader.ReadLineAsync(limit.Token)));
        monitor._reading = monitor.ReadAsync(reader);
        return monitor;
    }

    /// <summary>What was sent until now.</summary>
    public async Task<string> ReadToNowAsync()
    {
        var mark = Guid.NewGuid().ToString("N");
        await _valkey.ExecuteAsync("ECHO", mark);
        await Eventually.HoldsAsync("the monitor has seen all of it", () => Text.Contains(mark, StringComparison.Ordinal));
        return Text;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _reading;
    }

    private string Text
    {
        get
        {
            lock (_text)
                return _text.ToString();
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                lock (_text)
                    _text.AppendLine(line);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // Nobody looks any more.
        }
    }
}
