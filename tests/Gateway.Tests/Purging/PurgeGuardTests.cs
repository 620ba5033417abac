using Gateway.Tests.Hosting;

namespace Gateway.Tests.Purging;

public sealed class PurgeGuardTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("purge-key-0123456788")]
    public async Task Purge_WithoutItsKey_IsRefused_AndPurgesNothing(string? key)
    {
        await using var origin = await Origin.StartAsync();
        await using var gateway = GatewayHost.Before(origin);
        await gateway.GetAsync("/a");
        await gateway.GetHitAsync("/a");
        Assert.Equal(401, (await gateway.PurgeAsync("""{"url":"http://localhost/a"}""", key)).Status);
        Assert.Equal("HIT", (await gateway.GetAsync("/a")).XCache);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"tags":"a"}""")]
    [InlineData("""{"tag":""}""")]
    [InlineData("""{"tag":"a","url":"http://localhost/a"}""")]
    [InlineData("""{"tag":"a","tenant":""}""")]
    [InlineData("""{"url":"/a"}""")]
    [InlineData("""{"url":"file:///a"}""")]
    [InlineData("""{"prefix":"http://localhost/a"}""")]
    [InlineData("""{"prefix":"http://localhost/a/?b"}""")]
    [InlineData("""{"prefix":"http://localhost/1/2/3/4/5/6/7/8/9/"}""")]
    public async Task Purge_OfNothingClear_IsRefused_AndSaysWhatIsExpected(string json)
    {
        await using var origin = await Origin.StartAsync();
        await using var gateway = GatewayHost.Before(origin);
        var answer = await gateway.PurgeAsync(json);
        Assert.Equal(400, answer.Status);
        Assert.Contains("prefix", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Purge_WhereNoKeyIsSet_IsTheOriginsPath()
    {
        await using var origin = await Origin.StartAsync();
        await using GatewayHost gateway = new(("Gateway:Origin", origin.Address.ToString()));
        Assert.Equal((200, 1), ((await gateway.PurgeAsync("""{"tag":"a"}""")).Status, origin.Count));
    }
}
