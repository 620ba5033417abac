using Gateway.Tests.Hosting;

namespace Gateway.Tests.Policies;

public sealed class RoutePolicyTests
{
    [Fact]
    public async Task Forced_ByItsMetadata_ARoutesAnswersAreFreshAsItSays_AndTheOthersAsTheOriginSays()
    {
        await using var origin = await Origin.StartAsync();
        origin.Says(("Cache-Control", "no-cache"));
        await using var gateway = new GatewayHost(
        [
            .. Route(origin, "forced", "/forced/{**path}", ("CacheLifetime", "00:10:00")),
            .. Route(origin, "plain", "/{**path}"),
        ]);
        await gateway.GetAsync("/forced/a");
        await gateway.GetHitAsync("/forced/a");
        await gateway.GetAsync("/b");
        Assert.Equal("MISS", (await gateway.GetAsync("/b")).XCache);
    }

    [Fact]
    public async Task Forced_ForTheOneOrigin()
    {
        await using var origin = await Origin.StartAsync();
        origin.Says();
        await using var gateway = new GatewayHost(("Gateway:Origin", origin.Address.ToString()), ("Gateway:Metadata:CacheLifetime", "00:10:00"));
        await gateway.GetAsync("/a");
        await gateway.GetHitAsync("/a");
    }

    [Fact]
    public async Task Off_ARoutesRequestsGoPastTheCache()
    {
        await using var origin = await Origin.StartAsync();
        await using var gateway = new GatewayHost([.. Route(origin, "off", "/{**path}", ("Cache", "off"))]);
        await gateway.GetAsync("/a");
        Assert.Equal(("2", "BYPASS"), (await gateway.GetAsync("/a")) is var answer ? (answer.Body, answer.XCache) : default);
    }

    /// <summary>Two routes for one path, told apart by a field: what one origin answers is not given for the other's.</summary>
    [Fact]
    public async Task Poisoning_RoutesToldApartByAField_DoNotShareAnswers()
    {
        await using var one = await Origin.StartAsync();
        await using var other = await Origin.StartAsync();
        other.Answer = static (context, _) => Origin.TextAsync(context, 100, ("Cache-Control", "max-age=60"));
        await using var gateway = new GatewayHost(
        [
            .. Route(one, "one", "/{**path}"),
            ("ReverseProxy:Routes:one:Match:Headers:0:Name", "X-Canary"),
            ("ReverseProxy:Routes:one:Match:Headers:0:Mode", "NotExists"),
            .. Route(other, "other", "/{**path}"),
            ("ReverseProxy:Routes:other:Match:Headers:0:Name", "X-Canary"),
            ("ReverseProxy:Routes:other:Match:Headers:0:Mode", "Exists"),
        ]);
        await gateway.GetAsync("/a", ("X-Canary", "1"));
        Assert.Equal("100", (await gateway.GetHitAsync("/a", ("X-Canary", "1"))).Body);
        Assert.Equal("1", (await gateway.GetAsync("/a")).Body);
        Assert.Equal("1", (await gateway.GetHitAsync("/a")).Body);
    }

    [Theory]
    [InlineData("Cache", "on")]
    [InlineData("CacheLifetime", "soon")]
    [InlineData("CacheLifetime", "00:00:00")]
    [InlineData("CacheStaleIfError", "00:00:01")]
    [InlineData("CacheKeyHeaders", "a b")]
    [InlineData("CacheAuthorized", "tenant")]
    [InlineData("CacheLifetimes", "00:00:01")]
    public async Task Metadata_ThatAreWrong_EndTheStart_AndAreNamed(string name, string value)
    {
        await using var origin = await Origin.StartAsync();
        await using var gateway = new GatewayHost([.. Route(origin, "ledger", "/{**path}", (name, value))]);
        var setting = Settings(Assert.ThrowsAny<Exception>(() => gateway.Client)).Single();
        Assert.StartsWith($"ReverseProxy:Routes:ledger:Metadata:{name} ", setting.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<Exception> Settings(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception.Data.Contains("setting"))
                yield return exception;
        }
    }

    private static IEnumerable<(string Name, string? Value)> Route(Origin origin, string name, string path, params (string Name, string Value)[] metadata) =>
    [
        ($"ReverseProxy:Routes:{name}:ClusterId", name),
        ($"ReverseProxy:Routes:{name}:Match:Path", path),
        .. metadata.Select(one => ($"ReverseProxy:Routes:{name}:Metadata:{one.Name}", (string?)one.Value)),
        ($"ReverseProxy:Clusters:{name}:Destinations:one:Address", origin.Address.ToString()),
    ];
}
