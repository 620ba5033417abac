using TenantPlatform.FaultProxy.Faults;
using TenantPlatform.FaultProxy.Tests.Sockets;
using TenantPlatform.TestKit;

namespace TenantPlatform.FaultProxy.Tests.Links;

/// <summary>Latency, bandwidth and healing by itself, on time that only the test moves.</summary>
public sealed class TimedFaultTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly TargetServer _target = new(echoes: false);
    private LinkUnderTest _link = null!;
    private Wire _client = null!;
    private Wire _server = null!;

    public async Task InitializeAsync()
    {
        _link = new LinkUnderTest(_target.Port, _time);
        _client = await _link.ConnectAsync();
        _server = await _target.NextAsync();

        // Its dial limit is a timer too: gone once bytes pass.
        await _client.SendAsync("!");
        await _server.ReceiveAsync(1);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        _server.Dispose();
        await _link.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Fact]
    public async Task Slow_ChunkArrivesAfterTheLatencyAndNotBefore()
    {
        _link.Set(FaultKind.Slow, fault => fault with { Latency = TimeSpan.FromMilliseconds(100), Direction = Directions.ToServer });
        await _client.SendAsync("late");
        await _time.WaitForTimersAsync();
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Equal(1, _link.Link.Counters.ToServer);
        Assert.Equal(1, _time.PendingTimers);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("late", await _server.ReceiveAsync(4));

        // The other direction was not asked to be slow.
        await _server.SendAsync("now");
        Assert.Equal("now", await _client.ReceiveAsync(3));
    }

    [Fact]
    public async Task Slow_HealedMeanwhile_WaitingBytesPassAtOnceInOrder()
    {
        _link.Set(FaultKind.Slow, fault => fault with { Latency = TimeSpan.FromMinutes(5) });
        await _client.SendAsync("one,");
        await _time.WaitForTimersAsync();
        await _client.SendAsync("two,");
        _link.Link.Heal();
        await _client.SendAsync("three");
        Assert.Equal("one,two,three", await _server.ReceiveAsync(13));
    }

    [Fact]
    public async Task Slow_WithoutEnd_SenderIsHeldBack()
    {
        _link.Set(FaultKind.Slow, fault => fault with { Latency = TimeSpan.FromMinutes(5) });
        var sent = 0L;
        var sending = Task.Run(async () =>
        {
            var chunk = new byte[64 * 1024];
            for (var i = 0; i < 1024; i++)
            {
                await _client.SendAsync(chunk);
                Interlocked.Add(ref sent, chunk.Length);
            }
        });

        // Blocked: the same count, a hundred looks in a row.
        var (last, same) = (0L, 0);
        await Eventually.HoldsAsync("the sender is held back", () =>
        {
            var now = Interlocked.Read(ref sent);
            same = now > 0 && now == last ? same + 1 : 0;
            last = now;
            return same >= 100;
        });
        Assert.False(sending.IsCompleted);
        Assert.InRange(last, 1, 32 * 1024 * 1024);
        _client.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => sending);
    }

    [Fact]
    public async Task Bandwidth_PassesSlicesAsTimeGoesOn()
    {
        // 1 000 bytes per second: 50 bytes every 50 ms.
        _link.Set(FaultKind.Bandwidth, fault => fault with { BytesPerSecond = 1000 });
        await _client.SendAsync(new string('x', 125));
        await _server.ReceiveAsync(50);
        await _time.WaitForTimersAsync();
        Assert.Equal(1 + 50, _link.Link.Counters.ToServer);
        _time.Advance(TimeSpan.FromMilliseconds(50));
        await _server.ReceiveAsync(50);
        await _time.WaitForTimersAsync();
        Assert.Equal(1 + 100, _link.Link.Counters.ToServer);
        _time.Advance(TimeSpan.FromMilliseconds(50));
        await _server.ReceiveAsync(25);
    }

    [Fact]
    public async Task Bandwidth_ConnectionsShareIt()
    {
        using var second = await _link.ConnectAsync();
        using var secondServer = await _target.NextAsync();
        await second.SendAsync("!");
        await secondServer.ReceiveAsync(1);
        _link.Set(FaultKind.Bandwidth, fault => fault with { BytesPerSecond = 1000 });
        await _client.SendAsync(new string('x', 50));
        await _server.ReceiveAsync(50);
        await Eventually.HoldsAsync("its bytes are counted", () => _link.Link.Counters.ToServer == 2 + 50);

        // The first has used this moment up, so the second waits for the next.
        await second.SendAsync(new string('y', 50));
        await _time.WaitForTimersAsync();
        Assert.Equal(2 + 50, _link.Link.Counters.ToServer);
        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(new string('y', 50), await secondServer.ReceiveAsync(50));
    }

    [Fact]
    public async Task For_HealsByItselfAtTheEnd()
    {
        _link.Set(FaultKind.Cut, fault => fault with { Duration = TimeSpan.FromSeconds(30) });
        Assert.Equal("end", await _client.EndAsync());
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(FaultKind.Cut, _link.Link.ActiveFault.Fault.Kind);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(FaultKind.None, _link.Link.ActiveFault.Fault.Kind);
        using var again = await _link.ConnectAsync();
    }

    [Fact]
    public void For_ReplacedByAnotherFault_TheFirstOnesEndIsForgotten()
    {
        _link.Set(FaultKind.Blackhole, fault => fault with { Duration = TimeSpan.FromSeconds(10) });
        _link.Set(FaultKind.Reset);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(FaultKind.Reset, _link.Link.ActiveFault.Fault.Kind);
    }

    [Fact]
    public async Task HalfOpen_EndThatOnlyOneSideKnows_IsGivenUpAfterAMinute()
    {
        _link.Set(FaultKind.HalfOpen, fault => fault with { Direction = Directions.ToServer });
        _client.Dispose();
        await _time.WaitForTimersAsync();
        Assert.Equal(1, _link.Link.OpenConnections);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("ConnectionReset", await _server.EndAsync());
        await Eventually.HoldsAsync("the connection is gone", () => _link.Link.OpenConnections == 0);
    }
}
