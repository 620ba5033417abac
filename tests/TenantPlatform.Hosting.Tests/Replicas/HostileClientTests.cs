using System.Text;

namespace TenantPlatform.Hosting.Tests.Replicas;

/// <summary>Requests that two readers could read in two ways, or nobody can: refused, and the front goes on.</summary>
public sealed class HostileClientTests : IAsyncLifetime
{
    private const string Smuggled = "POST /calls/smuggled HTTP/1.1\r\nHost: a\r\n";
    private FrontHarness _front = null!;

    public async Task InitializeAsync() => _front = await FrontHarness.StartAsync(1);

    public async Task DisposeAsync() => await _front.DisposeAsync();

    [Theory]
    [InlineData("HTTP/1.1 400 ", new[]
    {
        // Two lengths, equal ones too, and lengths of which two readers could read two numbers.
        Smuggled + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        Smuggled + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde",
        Smuggled + "Content-Length: 5, 5\r\n\r\nabcde",
        Smuggled + "Content-Length: +5\r\n\r\nabcde",
        Smuggled + "Content-Length: -5\r\n\r\nabcde",
        Smuggled + "Content-Length: 0x5\r\n\r\nabcde",
        Smuggled + "Content-Length: 5 5\r\n\r\nabcde",
        Smuggled + "Content-Length:\r\n\r\nabcde",
        Smuggled + "Content-Length: 99999999999999999999\r\n\r\nabcde",

        // A length and chunks; codings that are not chunks; chunks in a version that has none.
        Smuggled + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        Smuggled + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        Smuggled + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        Smuggled + "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        Smuggled + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        Smuggled + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        Smuggled + "Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n",
        "POST /calls/smuggled HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",

        // Folded lines, bare line feeds and carriage returns, spaces before the colon, control characters.
        Smuggled + "X: a\r\n folded\r\n\r\n",
        Smuggled + "\tX: a\r\n\r\n",
        Smuggled + "X: a\nY: b\r\n\r\n",
        "POST /calls/smuggled HTTP/1.1\nHost: a\n\n",
        Smuggled + "X: a\rTransfer-Encoding: chunked\r\n\r\n",
        Smuggled + "Content-Length : 3\r\n\r\nabc",
        Smuggled + "X: a\0b\r\n\r\n",
        Smuggled + "no colon\r\n\r\n",
        Smuggled + ": no name\r\n\r\n",

        // Whose request it is.
        "POST /calls/smuggled HTTP/1.1\r\n\r\n",
        Smuggled + "Host: b\r\n\r\n",
        "POST http://b/calls/smuggled HTTP/1.1\r\nHost: a\r\n\r\n",

        // First lines.
        "POST  /calls/smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /calls/smuggled\r\nHost: a\r\n\r\n",
        " POST /calls/smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
        "PO\u00e9ST /calls/smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST calls/smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n",
    })]
    [InlineData("HTTP/1.1 505 ", new[]
    {
        "POST /calls/smuggled HTTP/2.0\r\nHost: a\r\n\r\n",
        "POST /calls/smuggled http/1.1\r\nHost: a\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    })]
    public async Task AmbiguousRequest_IsRefused_AndTheConnectionEnds(string answer, string[] requests)
    {
        foreach (var request in requests)
        {
            using var client = await RawConnection.OpenAsync(_front.Port, request);
            client.EndSending();

            var all = await client.ReadToEndAsync();

            Assert.True(all.StartsWith(answer, StringComparison.Ordinal), $"{request}\n---\n{all}");
            Assert.Contains("Connection: close\r\n", all, StringComparison.Ordinal);
            Assert.Equal(1, all.Split("HTTP/1.1 ").Length - 1);
        }

        Assert.Equal(0, _front.Calls("smuggled"));
        Assert.Equal("service-1", await _front.Client.GetStringAsync("/id"));
    }

    [Theory]
    [InlineData("zz\r\n\r\n")]
    [InlineData("3\nabc\r\n0\r\n\r\n")]
    [InlineData("3\r\nabcd\r\n0\r\n\r\n")]
    [InlineData("3\r\nabc0\r\n\r\n")]
    [InlineData("-3\r\nabc\r\n0\r\n\r\n")]
    [InlineData(" 3\r\nabc\r\n0\r\n\r\n")]
    [InlineData("3 \r\nabc\r\n0\r\n\r\n")]
    [InlineData("0x3\r\nabc\r\n0\r\n\r\n")]
    [InlineData("fffffffffffffffff\r\nabc\r\n0\r\n\r\n")]
    [InlineData("3;a\u0001b\r\nabc\r\n0\r\n\r\n")]
    [InlineData("3;a\nb\r\nabc\r\n0\r\n\r\n")]
    [InlineData("\r\n0\r\n\r\n")]
    [InlineData("0\r\nTrailer: a\n\r\n")]
    public async Task MalformedChunks_AreRefused(string body)
    {
        using var client = await RawConnection.OpenAsync(_front.Port, $"POST /hash HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{body}");

        Assert.StartsWith("HTTP/1.1 400 ", await client.ReadThroughAsync("\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal("service-1", await _front.Client.GetStringAsync("/id"));
    }

    [Fact]
    public async Task RequestInsideABody_StaysInTheBody()
    {
        const string Inner = Smuggled + "Content-Length: 0\r\n\r\n";
        foreach (var body in new[] { $"Content-Length: {Inner.Length}\r\n\r\n{Inner}", $"Transfer-Encoding: chunked\r\n\r\n{Inner.Length:x}\r\n{Inner}\r\n0\r\n\r\n" })
        {
            using var client = await RawConnection.OpenAsync(_front.Port, $"POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{body}");

            Assert.Contains(Inner, await client.ReadToEndAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(0, _front.Calls("smuggled"));
    }

    [Fact]
    public async Task BigHead_Passes_AndOneThatIsTooLong_IsRefused()
    {
        using var big = new HttpRequestMessage(HttpMethod.Get, "/head");
        big.Headers.Add("X-Big", new string('b', 28 * 1024));
        using var answer = await _front.Client.SendAsync(big);
        Assert.Contains(new string('b', 28 * 1024), await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        foreach (var end in new[] { "\r\n\r\n", "" })
        {
            using var client = await RawConnection.OpenAsync(_front.Port, $"GET /id HTTP/1.1\r\nHost: a\r\nX: {new string('b', 33 * 1024)}{end}");
            Assert.StartsWith("HTTP/1.1 431 ", await client.ReadThroughAsync("\r\n\r\n"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Noise_NeverHarmsTheFront()
    {
        var random = new Random(20261121);
        const string Pieces = "GET POST / HTTP/1.1\r\nHost: a\r\n\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n0\r\n:;\0\u00ff \t";
        for (var n = 0; n < 200; n++)
        {
            var text = new StringBuilder();
            for (var piece = random.Next(1, 12); piece > 0; piece--)
            {
                var from = random.Next(Pieces.Length);
                text.Append(Pieces, from, random.Next(1, Pieces.Length - from + 1));
            }

            using var client = await RawConnection.OpenAsync(_front.Port, text.ToString());
            client.EndSending();
            await client.ReadToEndAsync();
        }

        Assert.Equal("service-1", await _front.Client.GetStringAsync("/id"));
    }
}
