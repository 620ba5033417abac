using Gateway.Tests.Hosting;

namespace Gateway.Tests;

public sealed class AloneTests
{
    [Fact]
    public async Task C5_BeforeOneOrigin_TheSecondRequestIsAHit()
    {
        await using var origin = await Origin.StartAsync();
        await using var gateway = GatewayHost.Before(origin);
        Assert.Equal(new Answer(200, "1", "MISS"), await gateway.GetAsync("/a"));
        Assert.Equal("1", (await gateway.GetHitAsync("/a")).Body);
        Assert.Equal(1, origin.Count);
    }

    [Fact]
    public async Task OwnEndpoints_AreNeitherCachedNorTheOrigins()
    {
        await using var origin = await Origin.StartAsync();
        await using var gateway = GatewayHost.Before(origin);
        Assert.Equal((200, string.Empty), (await gateway.GetAsync("/health/live")) is var answer ? (answer.Status, answer.XCache) : default);
        Assert.Equal(0, origin.Count);
    }

    [Theory]
    [InlineData("Gateway:Origin", "127.0.0.1:8000")]
    [InlineData("Gateway:L1TimeToLive", "soon")]
    [InlineData("Gateway:L1ByteCapacity", "much")]
    [InlineData("Gateway:LargestBody", "-1")]
    [InlineData("Gateway:PurgeKey", "short")]
    [InlineData("ReverseProxy:Routes", null)]
    public async Task Settings_ThatAreWrong_AreNamed_WithoutTheirValues(string name, string? value)
    {
        await using var gateway = value is null
            ? new GatewayHost()
            : new GatewayHost([.. name == "Gateway:Origin" ? Array.Empty<(string, string?)>() : [("Gateway:Origin", "http://127.0.0.1:8000")], (name, value)]);
        var refusal = Assert.ThrowsAny<InvalidOperationException>(() => gateway.Client);
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        if (name == "Gateway:PurgeKey")
            Assert.DoesNotContain(value!, refusal.Message, StringComparison.Ordinal);
    }
}
