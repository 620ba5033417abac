using Gateway.Tests.Hosting;
using TenantPlatform.TestKit;

namespace Gateway.Tests.Purging;

/// <summary>Two gateways over a real Valkey; one is told to purge, the other must not serve what is purged.</summary>
public sealed class PurgeTests(ValkeyFixture valkey) : IClassFixture<ValkeyFixture>, IAsyncLifetime
{
    private readonly string _path = "/" + Guid.NewGuid().ToString("N");
    private Origin? _origin;
    private GatewayHost? _one;
    private GatewayHost? _other;

    private Origin Origin => _origin!;

    private GatewayHost One => _one!;

    private GatewayHost Other => _other!;

    public async Task InitializeAsync()
    {
        _origin = await Origin.StartAsync();
        (_one, _other) = (GatewayHost.Before(_origin, valkey.ConnectionString), GatewayHost.Before(_origin, valkey.ConnectionString));
    }

    public async Task DisposeAsync()
    {
        await One.DisposeAsync();
        await Other.DisposeAsync();
        await Origin.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"url":"http://localhost/P/x/a"}""")]
    [InlineData("""{"url":"https://LOCALHOST/P/x/a"}""")]
    [InlineData("""{"prefix":"http://localhost/P/x/"}""")]
    [InlineData("""{"tag":"P-x"}""")]
    public async Task Purge_InOneGateway_HoldsInTheOther_AndWhatIsBesideStays(string purge)
    {
        Origin.Answer = static (context, number) =>
            Origin.TextAsync(context, number, ("Cache-Control", "max-age=3600"), ("Surrogate-Key", string.Join(' ', "all", context.Request.Path.Value!.Split('/')[1] + "-" + context.Request.Path.Value.Split('/')[2])));
        foreach (var target in new[] { "/x/a", "/y/a" })
        {
            await One.GetAsync(_path + target);
            await One.GetHitAsync(_path + target);
            await Other.GetHitAsync(_path + target);
        }

        Assert.Equal(2, Origin.Count);
        Assert.Equal(204, (await One.PurgeAsync(purge.Replace("/P", _path, StringComparison.Ordinal).Replace("P-", _path[1..] + "-", StringComparison.Ordinal))).Status);
        await Eventually.BecomesAsync("the other gateway's new answer", () => Other.GetAsync(_path + "/x/a"), static answer => answer.Body == "3");
        Assert.Equal("3", (await One.GetHitAsync(_path + "/x/a")).Body);
        Assert.Equal(("HIT", "2"), (await Other.GetAsync(_path + "/y/a")) is var beside ? (beside.XCache, beside.Body) : default);
    }

    [Theory]
    [InlineData("""{"url":"http://localhost/P/x/a"}""")]
    [InlineData("""{"prefix":"http://localhost/P/x/"}""")]
    [InlineData("""{"tag":"first"}""")]
    public async Task NoResurrection_APurge_WinsAgainstAFetchUnderWayInAnotherGateway_AndNobodyJoinsThat(string purge)
    {
        Gate gate = new();
        Origin.Answer = async (context, number) =>
        {
            if (number == 1)
                await gate.PassAsync(context.RequestAborted);
            await Origin.TextAsync(context, number, ("Cache-Control", "max-age=3600"), ("Cache-Tag", "first, second"));
        };
        var slow = Other.GetAsync(_path + "/x/a");
        await gate.ReachedAsync();
        Assert.Equal(204, (await One.PurgeAsync(purge.Replace("/P", _path, StringComparison.Ordinal))).Status);

        // Not the answer that is on its way from before: from when on the other gateway has heard of it, a moment later.
        var after = await Eventually.BecomesAsync("an answer of its own", AskAsync, static answer => answer is not null);
        gate.Open();
        Assert.Equal("1", (await slow).Body);
        Assert.NotEqual("1", after!.Body);
        Assert.NotEqual("1", (await One.GetHitAsync(_path + "/x/a")).Body);
        Assert.NotEqual("1", (await Other.GetHitAsync(_path + "/x/a")).Body);

        async Task<Answer?> AskAsync()
        {
            var asked = Other.GetAsync(_path + "/x/a");
            return await Task.WhenAny(asked, Task.Delay(TimeSpan.FromSeconds(5))) == asked ? await asked : null;
        }
    }

    [Fact]
    public async Task Purge_ByTag_TakesTheVariantThatHasIt_AndTheOthersStay()
    {
        Origin.Answer = static (context, number) => Origin.TextAsync(
            context, number, ("Cache-Control", "max-age=3600"), ("Vary", "Foo"), ("Surrogate-Key", "foo-" + context.Request.Headers["Foo"].ToString() + context.Request.Path.Value![1..]));
        foreach (var foo in new[] { "1", "2" })
        {
            await One.GetAsync(_path, ("Foo", foo));
            await One.GetHitAsync(_path, ("Foo", foo));
        }

        await Other.PurgeAsync($$"""{"tag":"foo-2{{_path[1..]}}"}""");
        await Eventually.BecomesAsync("the purged variant's new answer", () => One.GetAsync(_path, ("Foo", "2")), static answer => answer.Body == "3");
        Assert.Equal("1", (await One.GetHitAsync(_path, ("Foo", "1"))).Body);
    }
}
