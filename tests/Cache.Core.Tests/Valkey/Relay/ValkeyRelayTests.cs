using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Cache.Core.Valkey;
using Cache.Core.Valkey.Relay;
using Cache.Core.Valkey.Resp;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey.Relay;

/// <summary>Who gets in by the relay, and who does not; how it ends; what it makes of servers' names.</summary>
[Collection(AclCollection.Name)]
public sealed class ValkeyRelayTests(AclFixture acl)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("AUTH")]
    [InlineData("AUTHTOKENX")]
    [InlineData("PING")]
    public async Task Stranger_GetsNothing_AndTheServerDoesNotHearOfIt(string how)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        await using var relay = Create(server.LocalEndpoint.ToString()!);
        var size = RespCommand.Encode("AUTH", relay.Token).Length;
        var request = how switch
        {
            "AUTH" => RespCommand.Encode("AUTH", new string('0', relay.Token.Length)),
            "PING" => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("*1\r\n$4\r\nPING\r\n", 10))[..size]),
            _ => RespCommand.Encode("AUTH", relay.Token[..^1] + "x"),
        };

        using var stranger = await ConnectAsync(relay.AddressOf(server.LocalEndpoint.ToString()!));
        await stranger.SendAsync(request);

        Assert.StartsWith("-WRONGPASS", await ReadToEndAsync(stranger), StringComparison.Ordinal);
        Assert.False(server.Pending());
    }

    [Fact]
    public async Task Strangers_ThatSayNothing_AreSentOffWhenTheirTimeIsOver_AndTheLibraryGetsIn()
    {
        var options = acl.Options(isDirect: false);
        await using var relay = new ValkeyRelay(options, _time, NullLogger.Instance);
        var address = relay.AddressOf(acl.Address);
        var strangers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => ConnectAsync(address)));
        await Eventually.HoldsAsync("all of them are in", () => _time.PendingTimers == strangers.Length);
        using var library = await ConnectAsync(address);
        await library.SendAsync(RespCommand.Encode("AUTH", relay.Token));

        _time.Advance(options.DialTimeout);

        foreach (var stranger in strangers)
        {
            Assert.Equal("", await ReadToEndAsync(stranger));
            stranger.Dispose();
        }

        Assert.Equal("+OK\r\n", await ReadAsync(library));
    }

    [Fact]
    public async Task Disposal_EndsListeningAndEveryConnection_AtTheServerToo()
    {
        var relay = Create(acl.Address);
        var address = relay.AddressOf(acl.Address);
        using var library = await ConnectAsync(address);
        await library.SendAsync((byte[])[.. RespCommand.Encode("AUTH", relay.Token), .. RespCommand.Encode("CLIENT", "SETNAME", "relayed")]);
        var answered = "";
        while (answered.Length < "+OK\r\n+OK\r\n".Length)
            answered += await ReadAsync(library);
        Assert.Contains("name=relayed", (await acl.AskAsync("CLIENT", "LIST")).Text, StringComparison.Ordinal);

        await relay.DisposeAsync();

        Assert.Empty(await ReadToEndAsync(library));
        await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(address));
        await Eventually.HoldsAsync("its end", async () => !(await acl.AskAsync("CLIENT", "LIST")).Text.Contains("name=relayed", StringComparison.Ordinal));
        Assert.Throws<ObjectDisposedException>(() => relay.AddressOf(acl.Address));
    }

    [Fact]
    public async Task Disposal_OfAConnectionThatDoesNotEnd_IsBounded()
    {
        using var log = new HeldLogger("has ended");
        var relay = new ValkeyRelay(acl.Options(isDirect: false), _time, log);
        using var library = await ConnectAsync(relay.AddressOf(acl.Address));
        await library.SendAsync(RespCommand.Encode("AUTH", relay.Token));
        Assert.Equal("+OK\r\n", await ReadAsync(library));

        var disposal = relay.DisposeAsync().AsTask();
        await log.Reached.WaitAsync(Limit);
        await Eventually.HoldsAsync("its end is waited for", () => _time.IsTiming(TimeSpan.FromSeconds(1)) || disposal.IsCompleted);
        Assert.False(disposal.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        await disposal.WaitAsync(Limit);
    }

    [Fact]
    public async Task DisposedConnection_ClosesItsRelay()
    {
        using var log = new LogCollector();
        var clients = new ValkeyClients(acl.Options(isDirect: false), log.CreateLogger<ValkeyConnection>());
        await clients.Client.PingAsync();
        if (typeof(ConfigurationOptions).GetProperty("User") is not null)
            return; // a newer library signs in by itself
        var address = (string)log.Lines.Single(line => line.Message.Contains("is its way to Valkey", StringComparison.Ordinal)).Properties.Single(property => property.Key == "Address").Value!;
        (await ConnectAsync(address)).Dispose();

        await clients.DisposeAsync();

        await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(address));
        Assert.DoesNotContain(AclUser.Password, log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatIsAway_IsAnErrorToTheLibrary()
    {
        await using var relay = Create(acl.Address);
        using var library = await ConnectAsync(relay.AddressOf(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort.Next()}")));

        await library.SendAsync(RespCommand.Encode("AUTH", relay.Token));

        Assert.StartsWith("-ERR", await ReadToEndAsync(library), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guide_LeadsTheLibraryHere_WithoutTlsAndWithoutThePassword()
    {
        await using var relay = Create("valkey-1:6379", "valkey-2:6379");
        var library = new ConfigurationOptions { EndPoints = { "valkey-1:6379" }, Ssl = true, Password = AclUser.Password };

        relay.Guide(library);

        Assert.Equal(2, library.EndPoints.Select(point => (IPEndPoint)point).Where(point => IPAddress.IsLoopback(point.Address)).Select(point => point.Port).Distinct().Count());
        Assert.Equal((false, relay.Token), (library.Ssl, library.Password));
    }

    [Theory]
    [InlineData(false, "10.0.0.2:6379@16379", "10.0.0.2:6379")]
    [InlineData(false, "10.0.0.2:6379@16379,node-2", "10.0.0.2:6379")]
    [InlineData(true, "10.0.0.2:6379@16379,node-2", "node-2:6379")]
    [InlineData(true, "10.0.0.2:6379@16379,,shard-id=1", "10.0.0.2:6379")]
    [InlineData(false, ":6379@16379", "asked:6379")]
    [InlineData(false, "::1:6379@16379", "::1:6379")]
    [InlineData(false, "10.0.0.2:6379", "10.0.0.2:6379")]
    public async Task Nodes_AreNamedByTheirWayThroughTheRelay(bool isTls, string told, string server)
    {
        var options = new ValkeyOptions { Addresses = ["asked:6379"], UserName = "app", UseTls = isTls };
        await using var relay = new ValkeyRelay(options, _time, NullLogger.Instance);
        var bus = told.Contains('@', StringComparison.Ordinal) ? "@16379" : "";

        var answer = new ServerNames("asked", relay).OfNodes($"id {told} myself,master - 0 1 2 connected 0-5 7\ngone :0@0 master,noaddr - 0 1 2 disconnected\n");

        Assert.Equal($"id {relay.AddressOf(server)}{bus} myself,master - 0 1 2 connected 0-5 7\ngone :0@0 master,noaddr - 0 1 2 disconnected\n", answer);
    }

    [Theory]
    [InlineData("MOVED 3999 10.0.0.2:6379", "MOVED 3999 ", "10.0.0.2:6379")]
    [InlineData("ASK 3999 node-2:6379", "ASK 3999 ", "node-2:6379")]
    [InlineData("MOVED 3999 :6380", "MOVED 3999 ", "asked:6380")]
    public async Task Redirects_LeadThroughTheRelay(string told, string begin, string server)
    {
        await using var relay = Create("asked:6379");

        Assert.Equal(begin + relay.AddressOf(server), new ServerNames("asked", relay).OfRedirect(told));
    }

    private ValkeyRelay Create(params string[] addresses)
    {
        var options = acl.Options(isDirect: false);
        options.Addresses = addresses;
        return new ValkeyRelay(options, _time, NullLogger.Instance);
    }

    private static async Task<Socket> ConnectAsync(string address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPEndPoint.Parse(address));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<string> ReadAsync(Socket socket)
    {
        var buffer = new byte[1024];
        return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer.AsMemory()).AsTask().WaitAsync(Limit));
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        var text = "";
        while (await ReadAsync(socket) is { Length: > 0 } more)
            text += more;
        return text;
    }
}
