using System.Net.Sockets;
using TenantPlatform.TestKit;

namespace TenantPlatform.Hosting.Tests.Replicas;

/// <summary>How long the front waits for whom.</summary>
public sealed class FrontLimitTests
{
    [Theory]
    [InlineData("", 129, 2)]
    [InlineData("GET / HTTP/1.1\r\nHo", 29, 2)]
    public async Task SilentClient_IsLetGo_AfterItsTime(string sent, int before, int more)
    {
        var clock = new FakeTimeProvider();
        await using var replica = ScriptedReplica.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        await using var front = FrontHarness.Before(clock, replica);
        using var silent = await RawConnection.OpenAsync(front.Port);

        // An answer shows that the front has it; only then does its time begin.
        await silent.SendAsync($"GET / HTTP/1.1\r\nHost: a\r\n\r\n{sent}");
        await silent.ReadThroughAsync("ok");
        await clock.WaitForTimersAsync();
        clock.Advance(TimeSpan.FromSeconds(before));
        using var other = await RawConnection.OpenAsync(front.Port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.EndsWith("ok", await other.ReadThroughAsync("ok"), StringComparison.Ordinal);

        var end = silent.ReadToEndAsync();
        Assert.False(end.IsCompleted);
        await Eventually.HoldsAsync("it is let go", () =>
        {
            clock.Advance(TimeSpan.FromSeconds(more));
            return end.IsCompleted;
        });
        Assert.Empty(await end);
    }

    [Fact]
    public async Task Stop_CutsWhatDoesNotEnd()
    {
        var clock = new FakeTimeProvider();
        await using var front = await FrontHarness.StartAsync(1, clock);
        using var endless = await RawConnection.OpenAsync(front.Port, "GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
        await endless.ReadThroughAsync("data: first");

        var stopping = front.StopFrontAsync();
        await Eventually.HoldsAsync("what goes on is given time", () => clock.IsTiming(TimeSpan.FromSeconds(5)));
        Assert.False(stopping.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(5));

        await stopping.WaitAsync(TimeSpan.FromSeconds(60));
        await front.Services[0].Abandoned.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task UnreadConnection_GoesToAReplicaThatCanBeReached_OrIsReset()
    {
        await using var replica = new ScriptedReplica(async connection =>
        {
            var line = await connection.ReadThroughAsync("\n");
            await connection.SendAsync($"you said {line}");
        });
        int gone;
        await using (var closed = ScriptedReplica.Answering(""))
            gone = closed.Port;
        await using var front = FrontHarness.BeforeUnread(gone, replica.Port);
        for (var n = 0; n < 3; n++)
        {
            using var client = await RawConnection.OpenAsync(front.Port, "\0anything\n");
            Assert.Equal("you said \0anything\n", await client.ReadToEndAsync());
        }

        front.Pool.SetHealthy($"port-{replica.Port}", isHealthy: false);
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            using var lost = await RawConnection.OpenAsync(front.Port);
            await lost.ReadToEndAsync();
        });
    }
}
