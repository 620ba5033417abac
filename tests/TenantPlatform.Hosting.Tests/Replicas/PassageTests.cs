using System.Net;
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
        using var client = await RawConnection.OpenAsync(_front.Port, "GET /upgrade HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\n");
        var head = await client.ReadThroughAsync("\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        Assert.Contains("Upgrade: shout", head, StringComparison.Ordinal);

        await client.SendAsync("hello");

        Assert.Equal("HELLO", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task AnswerThatBreaksOff_IsNotPassedOffAsWhole()
    {
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _front.Client.GetByteArrayAsync("/broken", _limit.Token));
    }

    [Fact]
    public async Task ClientThatWaitsToBeTold_IsTold_AndItsBodyArrives()
    {
        using var client = await RawConnection.OpenAsync(_front.Port, "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", await client.ReadThroughAsync("\r\n\r\n"));

        await client.SendAsync("hello");

        Assert.StartsWith("HTTP/1.1 200 ", await client.ReadThroughAsync("hello"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClientOfVersionOne_GetsNoChunks_AndTheEndOfTheConnection()
    {
        using var client = await RawConnection.OpenAsync(_front.Port, "GET /bytes/100000?chunked=true HTTP/1.0\r\n\r\n");

        var head = await client.ReadThroughAsync("\r\n\r\n");
        var body = await client.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Transfer-Encoding", head, StringComparison.Ordinal);
        Assert.Equal(ReplicaService.Bytes(100_000), Encoding.Latin1.GetBytes(body));
    }

    [Fact]
    public async Task RequestsSentAtOnce_AreAnsweredInTurn_UntilTheOneThatIsTheLast()
    {
        using var client = await RawConnection.OpenAsync(
            _front.Port,
            "\r\nGET /id HTTP/1.1\r\nHost: a\r\n\r\nPOST /hash HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\nPOST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhiGET /id HTTP/1.1\r\nHost: a\r\n\r\n");
        client.EndSending();

        var answers = (await client.ReadToEndAsync()).Split("HTTP/1.1 200 ")[1..];

        Assert.Equal(3, answers.Length);
        Assert.Contains("service-1", answers[0], StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData([])), answers[1], StringComparison.Ordinal);
        Assert.Contains("Connection: close", answers[2], StringComparison.Ordinal);
        Assert.Contains("hi", answers[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chunks_PassByteByByte_WithExtensionsAndWithoutTrailers()
    {
        using var client = await RawConnection.OpenAsync(_front.Port, "POST /hash HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n");
        foreach (var letter in "005;name=\"a;b\"\r\nhello\r\nA\r\n and again\r\n0;last\r\nTrailer: x\r\nOther: y\r\n\r\n")
            await client.SendAsync(letter.ToString());

        var hash = Convert.ToHexStringLower(SHA256.HashData("hello and again"u8));
        Assert.EndsWith(hash, await client.ReadThroughAsync(hash), StringComparison.Ordinal);
        await client.SendAsync("GET /id HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.EndsWith("service-1", await client.ReadThroughAsync("service-1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UpgradeToHttp2_IsNotPassedOn()
    {
        using var client = await RawConnection.OpenAsync(_front.Port, "GET /head HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n\r\n");

        var answer = await client.ReadThroughAsync("X-Forwarded-Host: a");

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("h2c", answer, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("HTTP2-Settings", answer, StringComparison.OrdinalIgnoreCase);
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
}
