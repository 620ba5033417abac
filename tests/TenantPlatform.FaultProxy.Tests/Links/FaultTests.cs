using System.Net.Sockets;
using TenantPlatform.FaultProxy.Faults;
using TenantPlatform.FaultProxy.Tests.Sockets;
using TenantPlatform.TestKit;

namespace TenantPlatform.FaultProxy.Tests.Links;

/// <summary>What each fault does to new and existing connections, and what healing restores.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    // More than all socket buffers on the way can hold together.
    private const int MoreThanBuffers = 32 * 1024 * 1024;
    private readonly TargetServer _echo = new();
    private readonly TargetServer _manual = new(echoes: false);
    private LinkUnderTest _link = null!;
    private LinkUnderTest _silent = null!;

    public Task InitializeAsync()
    {
        _link = new LinkUnderTest(_echo.Port);
        _silent = new LinkUnderTest(_manual.Port);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _link.DisposeAsync();
        await _silent.DisposeAsync();
        await _echo.DisposeAsync();
        await _manual.DisposeAsync();
    }

    [Fact]
    public async Task NoFault_BytesPassBothWaysAndAreCounted()
    {
        using var wire = await _link.ConnectAsync();
        Assert.Equal("hello", await wire.EchoAsync("hello"));
        Assert.Equal((1, 1L), (_link.Link.OpenConnections, _link.Link.Counters.Accepted));
        await Eventually.HoldsAsync("both ways are counted", () => (_link.Link.Counters.ToServer, _link.Link.Counters.ToClient) == (5L, 5L));
    }

    [Fact]
    public async Task NoFault_ClientEndsSending_TargetSeesTheEndAndCanStillAnswer()
    {
        using var wire = await _silent.ConnectAsync();
        using var server = await _manual.NextAsync();
        await wire.SendAsync("question");
        wire.EndSending();
        Assert.Equal("question", await server.ReceiveAsync(8));
        Assert.Equal("end", await server.EndAsync());
        await server.SendAsync("answer");
        Assert.Equal("answer", await wire.ReceiveAsync(6));
        server.Dispose();
        Assert.Equal("end", await wire.EndAsync());
        await Eventually.HoldsAsync("the connection is gone", () => _silent.Link.OpenConnections == 0);
    }

    [Fact]
    public async Task Cut_ExistingAreClosedNewAreRefused_HealRestoresTheSamePort()
    {
        using var existing = await _link.ConnectAsync();
        await existing.EchoAsync("x");
        _link.Set(FaultKind.Cut);
        Assert.Equal("end", await existing.EndAsync());
        var refused = await Assert.ThrowsAsync<SocketException>(_link.ConnectAsync);
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        Assert.True(_link.Link.IsSound);

        _link.Link.Heal();
        using var again = await _link.ConnectAsync();
        Assert.Equal("back", await again.EchoAsync("back"));
    }

    [Fact]
    public async Task Cut_Repeatedly_PortStaysOurs()
    {
        var port = _link.Link.EndPoint.Port;
        for (var round = 0; round < 20; round++)
        {
            _link.Set(FaultKind.Cut);
            await Assert.ThrowsAsync<SocketException>(_link.ConnectAsync);
            _link.Link.Heal();
            using var wire = await _link.ConnectAsync();
            Assert.Equal("ok", await wire.EchoAsync("ok"));
        }

        Assert.Equal(port, _link.Link.EndPoint.Port);
    }

    [Fact]
    public async Task Reset_ExistingAndNewAreReset()
    {
        using var existing = await _link.ConnectAsync();
        await existing.EchoAsync("x");
        _link.Set(FaultKind.Reset);
        Assert.Equal("ConnectionReset", await existing.EndAsync());
        Assert.Equal("ConnectionReset", await _link.ConnectToEndAsync());
        Assert.Equal(1, _link.Link.Counters.Refused);
    }

    [Fact]
    public async Task Reset_TargetSeesTheResetToo()
    {
        using var wire = await _silent.ConnectAsync();
        using var server = await _manual.NextAsync();
        _silent.Set(FaultKind.Reset);
        Assert.Equal("ConnectionReset", await server.EndAsync());
    }

    [Fact]
    public async Task Blackhole_Existing_SwallowsBothWays_AndIsResetWhenHealed()
    {
        using var wire = await _silent.ConnectAsync();
        using var server = await _manual.NextAsync();
        await wire.SendAsync("before");
        await server.ReceiveAsync(6);
        _silent.Set(FaultKind.Blackhole);

        // Both can send without end, so it is read; nothing of it is passed on.
        await wire.SendAsync(new byte[MoreThanBuffers]);
        await server.SendAsync(new byte[MoreThanBuffers]);
        Assert.Equal((6L, 0L), (_silent.Link.Counters.ToServer, _silent.Link.Counters.ToClient));

        _silent.Link.Heal();
        Assert.Equal("ConnectionReset", await wire.EndAsync());
        Assert.Equal("ConnectionReset", await server.EndAsync());
    }

    [Fact]
    public async Task Blackhole_ExistingThatLostNothing_GoesOnWhenHealed()
    {
        using var wire = await _link.ConnectAsync();
        await wire.EchoAsync("x");
        _link.Set(FaultKind.Blackhole);
        _link.Link.Heal();
        Assert.Equal("still here", await wire.EchoAsync("still here"));
    }

    [Fact]
    public async Task Blackhole_New_IsAcceptedAndSwallowed_TargetNeverHearsOfIt()
    {
        _silent.Set(FaultKind.Blackhole);
        using var lost = await _silent.ConnectAsync();
        await lost.SendAsync(new byte[MoreThanBuffers]);
        Assert.Equal(0, _manual.Accepted);
        _silent.Link.Heal();
        Assert.Equal("ConnectionReset", await lost.EndAsync());
        Assert.Equal(0, _manual.Accepted);
    }

    [Fact]
    public async Task Blackhole_NewThatSentNothing_IsServedWhenHealed()
    {
        _link.Set(FaultKind.Blackhole);
        using var wire = await _link.ConnectAsync();
        await Eventually.HoldsAsync("the proxy has it", () => _link.Link.OpenConnections == 1);
        _link.Link.Heal();
        Assert.Equal("late", await wire.EchoAsync("late"));
    }

    [Fact]
    public async Task HalfOpenToClient_RequestsArriveAnswersWait_HealDeliversThem()
    {
        using var wire = await _silent.ConnectAsync();
        using var server = await _manual.NextAsync();
        _silent.Set(FaultKind.HalfOpen, fault => fault with { Direction = Directions.ToClient });
        var answer = wire.ReceiveAsync(6);
        await server.SendAsync("answer");

        // The other way still passes: by then the answer would have passed too.
        await wire.SendAsync("question");
        Assert.Equal("question", await server.ReceiveAsync(8));
        Assert.False(answer.IsCompleted);
        Assert.Equal(0, _silent.Link.Counters.ToClient);

        _silent.Link.Heal();
        Assert.Equal("answer", await answer);
    }

    [Fact]
    public async Task HalfOpenToServer_NewConnectionsObeyToo_SenderIsHeldBack()
    {
        _silent.Set(FaultKind.HalfOpen, fault => fault with { Direction = Directions.ToServer });
        using var wire = await _silent.ConnectAsync();
        using var server = await _manual.NextAsync();
        var sending = wire.SendAsync(new byte[MoreThanBuffers]);
        await server.SendAsync("pushed");
        Assert.Equal("pushed", await wire.ReceiveAsync(6));
        Assert.False(sending.IsCompleted);
        Assert.Equal(0, _silent.Link.Counters.ToServer);

        _silent.Link.Heal();
        var received = 0;
        var buffer = new byte[64 * 1024];
        while (received < MoreThanBuffers)
            received += await server.ReceiveAsync(buffer.AsMemory());
        await sending;
    }

    [Fact]
    public async Task ScopeExisting_OldAreResetNewPass()
    {
        using var old = await _link.ConnectAsync();
        await old.EchoAsync("x");
        _link.Set(FaultKind.Reset, fault => fault with { Connections = ConnectionScope.Existing });
        Assert.Equal("ConnectionReset", await old.EndAsync());
        using var fresh = await _link.ConnectAsync();
        Assert.Equal("fresh", await fresh.EchoAsync("fresh"));
    }

    [Fact]
    public async Task ScopeNew_OldPassNewAreRefused()
    {
        using var old = await _link.ConnectAsync();
        await old.EchoAsync("x");
        _link.Set(FaultKind.Cut, fault => fault with { Connections = ConnectionScope.New });
        await Assert.ThrowsAsync<SocketException>(_link.ConnectAsync);
        Assert.Equal("old", await old.EchoAsync("old"));
    }

    [Fact]
    public async Task TargetAway_ClientIsReset_SaidOnce()
    {
        var port = FreePort.Next();
        var logs = new LogCollector();
        await using var link = new LinkUnderTest(port, logs: logs);
        for (var attempt = 0; attempt < 3; attempt++)
            Assert.Equal("ConnectionReset", await link.ConnectToEndAsync());

        Assert.Equal(3, link.Link.Counters.Unreachable);
        Assert.Single(logs.Lines, line => line.Message.Contains("cannot be reached", StringComparison.Ordinal));
    }
}
