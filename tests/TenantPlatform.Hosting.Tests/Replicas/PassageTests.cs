using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace TenantPlatform.Hosting.Tests.Replicas;

/// <summary>What passes the front, both ways, and in which form.</summary>
public sealed class PassageTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(4));
    private FrontHarness _front = null!;

    public async Task InitializeAsync() => _front = await FrontHarness.StartAsync(1);

    public async Task DisposeAsync()
    {
        await _front.DisposeAsync();
        _limit.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BigBody_ArrivesAsItWasSent(bool isChunked)
    {
        var sent = ReplicaService.Bytes(24 * 1024 * 1024);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/hash") { Content = new ByteArrayContent(sent) };
        request.Headers.TransferEncodingChunked = isChunked;

        using var response = await _front.Client.SendAsync(request, _limit.Token);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(sent)), await response.Content.ReadAsStringAsync(_limit.Token));
    }

    [Theory]
    [InlineData(true, 24 * 1024 * 1024)]
    [InlineData(false, 24 * 1024 * 1024)]
    [InlineData(false, 16 * 1024)]
    [InlineData(false, 0)]
    public async Task BigAnswer_ComesBackAsItWasSent(bool isChunked, int length)
    {
        using var response = await _front.Client.GetAsync($"/bytes/{length}?chunked={isChunked}", HttpCompletionOption.ResponseHeadersRead, _limit.Token);
        var received = await response.Content.ReadAsByteArrayAsync(_limit.Token);

        Assert.Equal(isChunked, response.Headers.TransferEncodingChunked is true);
        Assert.Equal(SHA256.HashData(ReplicaService.Bytes(length)), SHA256.HashData(received));
    }

    [Fact]
    public async Task Head_Passes_WithoutWhatIsForOneHopOnly()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/head?q=%2F..%2f%20a");
        request.Headers.Host = "ledger.example:8443";
        request.Headers.Add("Connection", "X-Secret-Hop");
        request.Headers.Add("X-Secret-Hop", "1");
        request.Headers.Add("TE", "trailers");
        request.Headers.Add("Proxy-Authorization", "Basic abc");
        request.Headers.Add("X-Forwarded-For", "10.1.2.3");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var response = await _front.Client.SendAsync(request, _limit.Token);
        var lines = (await response.Content.ReadAsStringAsync(_limit.Token)).Split('\n', StringSplitOptions.TrimEntries);

        Assert.Equal("/head?q=%2F..%2f%20a", lines[0]);
        Assert.Contains("Host: ledger.example:8443", lines);
        Assert.Contains("X-Forwarded-Host: ledger.example:8443", lines);
        Assert.Contains("X-Forwarded-Proto: http", lines);
        Assert.Contains(lines, line => line.StartsWith("X-Forwarded-For: 10.1.2.3", StringComparison.Ordinal) && line.EndsWith("127.0.0.1", StringComparison.Ordinal));
        Assert.Contains("traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", lines, StringComparer.OrdinalIgnoreCase);
        Assert.DoesNotContain(lines, line => line.StartsWith("X-Secret-Hop", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(lines, line => line.StartsWith("TE:", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(lines, line => line.StartsWith("Proxy-Authorization", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("passed", response.Headers.GetValues("X-Own").Single());
        Assert.Equal(["a=1", "b=2"], response.Headers.GetValues("Set-Cookie"));
        Assert.False(response.Headers.Contains("X-Hop"));
    }

    [Fact]
    public async Task ServerSentEvent_ArrivesAtOnce_AndTheServerLearnsThatTheClientLeft()
    {
        var response = await _front.Client.GetAsync("/endless", HttpCompletionOption.ResponseHeadersRead, _limit.Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(_limit.Token));

        Assert.Equal("data: first", await reader.ReadLineAsync(_limit.Token));
        Assert.False(_front.Services[0].Abandoned.Task.IsCompleted);
        response.Dispose();
        await _front.Services[0].Abandoned.Task.WaitAsync(_limit.Token);
    }

    [Fact]
    public async Task WebSocket_TalksAndCloses()
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("echo");
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{_front.Port}/socket"), _limit.Token);
        await socket.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, endOfMessage: true, _limit.Token);
        var buffer = new byte[100];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), _limit.Token);

        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, received.Count));
        Assert.Equal("echo", socket.SubProtocol);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", _limit.Token);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Fact]
    public async Task Upgrade_PassesBytesBothWays_AndTheEnd()
    {
        using var client = await SendAsync("GET /upgrade HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\n");
        var head = await ReadUntilAsync(client, "\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        Assert.Contains("Upgrade: shout", head, StringComparison.Ordinal);

        await client.SendAsync("hello"u8.ToArray(), _limit.Token);

        Assert.Equal("HELLO", await ReadUntilAsync(client, until: null));
    }

    [Fact]
    public async Task AnswerThatBreaksOff_IsNotPassedOffAsWhole()
    {
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _front.Client.GetByteArrayAsync("/broken", _limit.Token));
    }

    [Theory]
    [InlineData("POST /calls/smuggled HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde", 400)]
    [InlineData("POST /calls/smuggled HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("POST /calls/smuggled HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", 400)]
    [InlineData("POST /calls/smuggled HTTP/1.1\r\nHost: a\r\nX: a\rTransfer-Encoding: chunked\r\n\r\n", 400)]
    [InlineData("POST /calls/smuggled HTTP/1.1\r\nHost: a\r\nContent-Length : 3\r\n\r\nabc", 400)]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [InlineData("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 400)]
    public async Task AmbiguousRequest_IsRefused(string request, int status)
    {
        using var client = await SendAsync(request);

        Assert.StartsWith($"HTTP/1.1 {status} ", await ReadUntilAsync(client, "\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal(0, _front.Calls("smuggled"));
    }

    [Fact]
    public async Task RequestInsideABody_StaysInTheBody()
    {
        const string Inner = "POST /calls/smuggled HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
        const string Body = $"3d\r\n{Inner}\r\n0\r\n\r\n";
        Assert.Equal(0x3d, Inner.Length);
        using var client = await SendAsync($"POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n{Body}");

        var answer = await ReadUntilAsync(client, until: null);

        Assert.Equal(0, _front.Calls("smuggled"));
        Assert.Equal("service-1", await _front.Client.GetStringAsync("/id", _limit.Token));
        Assert.True(answer.Contains(Inner, StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal), answer);
    }

    [Fact]
    public async Task Stop_LetsARequestEnd()
    {
        var content = new PausedContent();
        var pending = _front.Client.PostAsync("/hash", content, _limit.Token);
        await content.Begun.Task.WaitAsync(_limit.Token);

        var stopping = _front.StopFrontAsync();
        content.Rest.SetResult();

        Assert.Equal(HttpStatusCode.OK, (await pending).StatusCode);
        await stopping;
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _front.Client.GetStringAsync("/id", _limit.Token));
    }

    private async Task<Socket> SendAsync(string text)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _front.Port, _limit.Token);
        await socket.SendAsync(Encoding.Latin1.GetBytes(text), _limit.Token);
        return socket;
    }

    private async Task<string> ReadUntilAsync(Socket socket, string? until)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (until is null || !text.ToString().Contains(until, StringComparison.Ordinal))
        {
            var count = await socket.ReceiveAsync(buffer, _limit.Token);
            if (count == 0)
                break;
            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return text.ToString();
    }
}
