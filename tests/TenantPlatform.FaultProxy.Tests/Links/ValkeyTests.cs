using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using TenantPlatform.FaultProxy.Faults;
using TenantPlatform.FaultProxy.Tests.Sockets;
using TenantPlatform.TestKit;

namespace TenantPlatform.FaultProxy.Tests.Links;

/// <summary>A real Valkey behind the link.</summary>
public sealed class ValkeyTests(ValkeyFixture valkey) : IClassFixture<ValkeyFixture>
{
    [Fact]
    public async Task Commands_PassAndValuesArriveWhole_SlowOrNot()
    {
        await using var link = new LinkUnderTest(valkey.Port);
        using var wire = await LogInAsync(link);
        foreach (var latency in new[] { 0, 5 })
        {
            if (latency > 0)
                link.Set(FaultKind.Slow, fault => fault with { Latency = TimeSpan.FromMilliseconds(latency), Jitter = TimeSpan.FromMilliseconds(latency) });
            var value = RandomNumberGenerator.GetHexString(1024 * 1024);
            Assert.Equal("+OK\r\n", await AskAsync(wire, 5, "SET", "big", value));
            var expected = $"${value.Length}\r\n{value}\r\n";
            Assert.Equal(expected, await AskAsync(wire, expected.Length, "GET", "big"));
        }
    }

    [Fact]
    public async Task Cut_ValkeyLosesTheClient_HealLetsItBack()
    {
        await using var link = new LinkUnderTest(valkey.Port);
        using var wire = await LogInAsync(link);
        await AskAsync(wire, 5, "CLIENT", "SETNAME", "cut-me");
        Assert.Contains("name=cut-me", await ClientsAsync(), StringComparison.Ordinal);
        link.Set(FaultKind.Cut);
        Assert.Equal("end", await wire.EndAsync());
        await Eventually.HoldsAsync("Valkey has lost the client", async () => !(await ClientsAsync()).Contains("name=cut-me", StringComparison.Ordinal));
        await Assert.ThrowsAsync<SocketException>(link.ConnectAsync);
        link.Link.Heal();
        using var again = await LogInAsync(link);
        Assert.Equal("+PONG\r\n", await AskAsync(again, 7, "PING"));
    }

    [Fact]
    public async Task HalfOpen_ValkeyExecutesWhatIsNeverAnswered()
    {
        await using var link = new LinkUnderTest(valkey.Port);
        using var wire = await LogInAsync(link);
        var key = ValkeyFixture.NewPrefix();
        link.Set(FaultKind.HalfOpen, fault => fault with { Direction = Directions.ToClient });
        var answer = AskAsync(wire, 4, "INCR", key);
        await Eventually.HoldsAsync("Valkey has counted", async () => "1" == (string?)await TextAsync("GET", key));
        Assert.False(answer.IsCompleted);
        link.Link.Heal();
        Assert.Equal(":1\r\n", await answer);
    }

    private static Task<string> AskAsync(Wire wire, int answerLength, params string[] command)
    {
        var text = new StringBuilder($"*{command.Length}\r\n");
        foreach (var part in command)
            text.Append($"${part.Length}\r\n{part}\r\n");
        return SendAsync();

        async Task<string> SendAsync()
        {
            await wire.SendAsync(text.ToString());
            return await wire.ReceiveAsync(answerLength);
        }
    }

    private async Task<Wire> LogInAsync(LinkUnderTest link)
    {
        var wire = await link.ConnectAsync();
        Assert.Equal("+OK\r\n", await AskAsync(wire, 5, "AUTH", valkey.Password));
        return wire;
    }

    private async Task<string> ClientsAsync() => (await TextAsync("CLIENT", "LIST"))!;

    private async Task<string?> TextAsync(params string[] command) => await valkey.ExecuteAsync(command) switch
    {
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        var other => other?.ToString(),
    };
}
