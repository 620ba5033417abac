using Gateway.Tests.Hosting;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Attacks;

/// <summary>Web cache poisoning by fields that are in no key ("Practical Web Cache Poisoning", Kettle, 2018), through the gateway to an origin that believes each of them.</summary>
public sealed class UnkeyedFieldTests
{
    [Theory]
    [InlineData("X-Forwarded-Host")]
    [InlineData("X-Forwarded-Prefix")]
    [InlineData("X-Forwarded-Proto")]
    [InlineData("X-Forwarded-Scheme")]
    [InlineData("X-Forwarded-Port")]
    [InlineData("X-Forwarded-Server")]
    [InlineData("X-Forwarded-Ssl")]
    [InlineData("X-Forwarded-Path")]
    [InlineData("X-Host")]
    [InlineData("X-Original-Host")]
    [InlineData("X-HTTP-Host-Override")]
    [InlineData("X-Original-URL")]
    [InlineData("X-Rewrite-URL")]
    [InlineData("Forwarded")]
    [InlineData("Front-End-Https")]
    public async Task UnkeyedField_OfAClient_DoesNotReachTheOrigin(string name)
    {
        await using var origin = await Origin.StartAsync();
        string? seen = null;
        origin.Answer = (context, number) =>
        {
            seen = context.Request.Headers[name];
            return Origin.TextAsync(context, number, ("Cache-Control", "max-age=60"));
        };
        await using var gateway = GatewayHost.Before(origin);
        await gateway.GetAsync("/a", (name, "evil.example"));
        Assert.DoesNotContain("evil", seen ?? string.Empty, StringComparison.Ordinal);
    }

    /// <summary>Hop-by-hop header abuse: what <c>Connection</c> drops is not there for anybody, the key included.</summary>
    [Fact]
    public async Task HopByHop_AFieldThatIsDropped_IsNotThereForTheCacheEither()
    {
        await using var origin = await Origin.StartAsync();
        origin.Answer = static (context, _) => Origin.TextAsync(context, context.Request.Headers.ContainsKey("X-Form") ? 1 : 0, ("Cache-Control", "max-age=60"), ("Vary", "X-Form"));
        await using var gateway = GatewayHost.Before(origin);
        Assert.Equal("0", (await gateway.GetAsync("/a", ("X-Form", "1"), ("Connection", "close, X-Form"))).Body);
        Assert.Equal("1", (await gateway.GetAsync("/a", ("X-Form", "1"))).Body);
        Assert.Equal("0", (await gateway.GetHitAsync("/a")).Body);
    }

    /// <summary>Nor does a client take away what the gateway says itself.</summary>
    [Fact]
    public async Task HopByHop_WhatTheGatewaySays_CannotBeDropped()
    {
        await using var origin = await Origin.StartAsync();
        string? seen = null;
        origin.Answer = (context, number) =>
        {
            seen = context.Request.Headers["X-Forwarded-Host"];
            return Origin.TextAsync(context, number);
        };
        await using var gateway = GatewayHost.Before(origin);
        await gateway.GetAsync("/a", ("Connection", "X-Forwarded-Host, X-Forwarded-For"));
        Assert.Equal("localhost", seen);
    }

    /// <summary>Encoded dots are resolved once, before routes, key and origin: all see the same path.</summary>
    [Theory]
    [InlineData("/x/../a")]
    [InlineData("/x/%2e%2e/a")]
    [InlineData("/x/.%2E/a")]
    [InlineData("/./a")]
    public async Task EncodedDots_AreResolvedForAll(string path)
    {
        await using var origin = await Origin.StartAsync();
        string? seen = null;
        origin.Answer = (context, number) =>
        {
            seen = context.Request.Path;
            return Origin.TextAsync(context, number, ("Cache-Control", "max-age=60"));
        };
        await using var gateway = GatewayHost.Before(origin);
        var address = gateway.Listen();
        await RawClient.SendAsync(address, $"GET {path} HTTP/1.1\r\nHost: one.example\r\nConnection: close\r\n\r\n");
        Assert.Equal("/a", seen);
        await TenantPlatform.TestKit.Eventually.BecomesAsync(
            "a hit", () => RawClient.SendAsync(address, "GET /a HTTP/1.1\r\nHost: one.example\r\nConnection: close\r\n\r\n"), static answer => answer.Answers.Contains("X-Cache: HIT", StringComparison.Ordinal));
        Assert.Equal(1, origin.Count);
    }

    /// <summary>An encoded slash stays one, neither decoded nor encoded twice, so that no two addresses become one behind the gateway.</summary>
    [Theory]
    [InlineData("/static/..%2Faccount?x=%2F")]
    [InlineData("/static/..%252Faccount")]
    public async Task EncodedSlash_StaysAsItIs_ForTheOrigin(string path)
    {
        await using var origin = await Origin.StartAsync();
        string? seen = null;
        origin.Answer = (context, number) =>
        {
            seen = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
            return Origin.TextAsync(context, number);
        };
        await using var gateway = GatewayHost.Before(origin);
        await RawClient.SendAsync(gateway.Listen(), $"GET {path} HTTP/1.1\r\nHost: one.example\r\nConnection: close\r\n\r\n");
        Assert.Equal(path, seen);
    }

    /// <summary>CPDoS (Nguyen and others, 2019) by an oversized header and by control characters: the gateway's own refusal, which nobody else is given.</summary>
    [Theory]
    [InlineData("HHO", "X: {40000}\r\n", "431")]
    [InlineData("HHO, many", "{fields}", "431")]
    [InlineData("HMC, line feed", "X: a\nb\r\n", "400")]
    [InlineData("HMC, return", "X: a\rb\r\n", "400")]
    [InlineData("HMC, nul", "X: a\0b\r\n", "400")]
    public async Task Cpdos_TheGatewayRefuses_AndTheNextIsServed(string attack, string field, string status)
    {
        Assert.NotEmpty(attack);
        field = field.Replace("{40000}", new string('x', 40_000), StringComparison.Ordinal)
            .Replace("{fields}", string.Concat(Enumerable.Range(0, 150).Select(static n => $"X-{n}: 1\r\n")), StringComparison.Ordinal);
        await using var origin = await Origin.StartAsync();
        await using var gateway = GatewayHost.Before(origin);
        var address = gateway.Listen();
        var (answers, _) = await RawClient.SendAsync(address, $"GET /a HTTP/1.1\r\nHost: one.example\r\n{field}Connection: close\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status}", answers, StringComparison.Ordinal);
        Assert.Equal(0, origin.Count);
        var next = await RawClient.SendAsync(address, "GET /a HTTP/1.1\r\nHost: one.example\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", next.Answers, StringComparison.Ordinal);
    }
}
