using System.Collections.Concurrent;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Attacks;

/// <summary>
/// Request smuggling at the front, by the names of "HTTP Desync Attacks" (Kettle, 2019), "Browser-Powered Desync Attacks" (2022) and "HTTP/1.1
/// must die" (2025): what the gateway takes for a body must not become a request to the origin, nor its answer another's.
/// </summary>
public sealed class SmugglingTests
{
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: one.example\r\n\r\n";

    /// <summary>Name of the attack, and the head that begins it; what follows the head is <see cref="Smuggled"/>, somewhere in what may be the body.</summary>
    public static TheoryData<string, string> Attacks { get; } = new()
    {
        { "CL.TE", "POST /a HTTP/1.1\r\nHost: one.example\r\nContent-Length: 50\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
        { "TE.CL", "POST /a HTTP/1.1\r\nHost: one.example\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n2d\r\n" },
        { "CL.CL", "POST /a HTTP/1.1\r\nHost: one.example\r\nContent-Length: 0\r\nContent-Length: 45\r\n\r\n" },
        { "TE.TE, another coding", "POST /a HTTP/1.1\r\nHost: one.example\r\nContent-Length: 45\r\nTransfer-Encoding: xchunked\r\n\r\n" },
        { "TE.TE, space before the colon", "POST /a HTTP/1.1\r\nHost: one.example\r\nContent-Length: 45\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" },
        { "TE.TE, two fields", "POST /a HTTP/1.1\r\nHost: one.example\r\nContent-Length: 45\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" },
        { "TE.TE, folded", "POST /a HTTP/1.1\r\nHost: one.example\r\nContent-Length: 45\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" },
        { "TE.TE, vertical tab", "POST /a HTTP/1.1\r\nHost: one.example\r\nContent-Length: 45\r\nTransfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n" },
        { "CL.0", "GET /a HTTP/1.1\r\nHost: one.example\r\nContent-Length: 45\r\n\r\n" },
        { "0.CL, in a folded field", "GET /a HTTP/1.1\r\nHost: one.example\r\nX: y\r\n Content-Length: 45\r\n\r\n" },
        { "0.CL, expecting", "POST /a HTTP/1.1\r\nHost: one.example\r\nExpect: 100-continue\r\nContent-Length: 45\r\n\r\n" },
        { "signed length", "POST /a HTTP/1.1\r\nHost: one.example\r\nContent-Length: +45\r\n\r\n" },
        { "negative chunk", "POST /a HTTP/1.1\r\nHost: one.example\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n" },
        { "chunk too long for a number", "POST /a HTTP/1.1\r\nHost: one.example\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\n" },
        { "chunk without its end", "POST /a HTTP/1.1\r\nHost: one.example\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxx0\r\n\r\n" },
        { "HTTP/1.0 and chunked", "POST /a HTTP/1.0\r\nHost: one.example\r\nContent-Length: 45\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n0\r\n\r\n" },
        { "Connection names the length", "POST /a HTTP/1.1\r\nHost: one.example\r\nContent-Length: 45\r\nConnection: Content-Length\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Smuggling_TheGatewayRefuses_OrTheOriginSeesOneRequest(string attack, string head)
    {
        Assert.NotEmpty(attack);
        ConcurrentQueue<string> seen = new();
        await using var origin = await Origin.StartAsync();
        origin.Answer = async (context, number) =>
        {
            seen.Enqueue(context.Request.Path);
            await context.Request.Body.CopyToAsync(Stream.Null);
            await Origin.TextAsync(context, number, ("Cache-Control", "max-age=60"));
        };
        await using var gateway = GatewayHost.Before(origin);
        var address = gateway.Listen();

        await RawClient.SendAsync(address, head + Smuggled + (attack == "TE.CL" ? "\r\n0\r\n\r\n" : string.Empty));

        // Where the message's end is in doubt, nothing behind it may be taken for a request (RFC 9112, sections 6.1 and 6.3).
        Assert.DoesNotContain("/smuggled", seen);

        // And who comes next is answered for itself.
        var next = await RawClient.SendAsync(address, "GET /next HTTP/1.1\r\nHost: one.example\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", next.Answers, StringComparison.Ordinal);
        Assert.Equal("/next", seen.Last());
    }

    /// <summary>Absolute form (RFC 9112, section 3.2.2): the host of the address and that of the field must be the same.</summary>
    [Fact]
    public async Task HostConfusion_AbsoluteFormOfAnotherHost_IsRefused()
    {
        await using var origin = await Origin.StartAsync();
        await using var gateway = GatewayHost.Before(origin);
        var (answers, _) = await RawClient.SendAsync(gateway.Listen(), "GET http://evil.example/a HTTP/1.1\r\nHost: one.example\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400", answers, StringComparison.Ordinal);
        Assert.Equal(0, origin.Count);
    }

    [Theory]
    [InlineData("Host: one.example\r\nHost: evil.example\r\n")]
    [InlineData("Host: one.example/evil\r\n")]
    [InlineData("Host: one.example, evil.example\r\n")]
    [InlineData("")]
    public async Task HostConfusion_SeveralHostsOrNone_AreRefused(string host)
    {
        await using var origin = await Origin.StartAsync();
        await using var gateway = GatewayHost.Before(origin);
        var (answers, _) = await RawClient.SendAsync(gateway.Listen(), $"GET /a HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400", answers, StringComparison.Ordinal);
        Assert.Equal(0, origin.Count);
    }
}
