using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.AspNetCore.Tests.OutputCaching;

/// <summary>The store behind ASP.NET Core's own middleware.</summary>
public sealed class PipelineTests
{
    private readonly InMemoryCacheClient _valkey = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task APage_IsRenderedOnce_ForAllProcesses(bool isRegisteredFirst)
    {
        await using var one = await PageHost.StartAsync(_valkey, isRegisteredFirst);
        await using var other = await PageHost.StartAsync(_valkey, isRegisteredFirst);

        Assert.Equal("page 1", await one.GetAsync());
        Assert.Equal("page 1", await one.GetAsync());
        Assert.Equal("page 1", await other.GetAsync());

        Assert.Equal((1, 0), (one.Rendered, other.Rendered));
    }

    [Fact]
    public async Task EvictByTag_RendersAnew()
    {
        await using var one = await PageHost.StartAsync(_valkey);
        Assert.Equal("page 1", await one.GetAsync());

        await one.Store.EvictByTagAsync("shoes", default);

        Assert.Equal("page 2", await one.GetAsync());
        Assert.Equal("page 2", await one.GetAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NoResurrection_EvictedWhileAPageIsRendered_ItIsNotKept(bool isTagKnown)
    {
        await using var one = await PageHost.StartAsync(_valkey);
        await using var other = await PageHost.StartAsync(_valkey);
        if (isTagKnown)
        {
            await one.GetAsync();
            await one.Store.EvictByTagAsync("shoes", default);
        }

        one.WhileRendering = async () => await other.Store.EvictByTagAsync("shoes", default);
        var outdated = await one.GetAsync();
        one.WhileRendering = null;

        Assert.NotEqual(outdated, await one.GetAsync());
        Assert.NotEqual(outdated, await other.GetAsync());
    }

    [Fact]
    public async Task NoResurrection_OfRequestsThatShareALookUp_WhicheverRenders()
    {
        await using var one = await PageHost.StartAsync(_valkey);
        await using var other = await PageHost.StartAsync(_valkey);
        await one.GetAsync();
        await one.Store.EvictByTagAsync("shoes", default);
        var gate = new Gate();
        _valkey.BeforeCall = async (command, stop) =>
        {
            if (command == "GET")
                await gate.PassAsync(stop);
        };
        one.WhileRendering = async () => await other.Store.EvictByTagAsync("shoes", default);
        var requests = Enumerable.Range(0, 8).Select(_ => one.GetAsync()).ToArray();
        await gate.ReachedAsync();
        _valkey.BeforeCall = null;
        gate.Open();
        var outdated = await Task.WhenAll(requests);
        one.WhileRendering = null;

        Assert.DoesNotContain(await one.GetAsync(), outdated);
        Assert.DoesNotContain(await other.GetAsync(), outdated);
    }

    [Fact]
    public async Task CacheNeverFails_ValkeyAway_PagesAreKeptInTheProcess_AndEvictedThere()
    {
        _valkey.IsUnavailable = true;
        await using var one = await PageHost.StartAsync(_valkey);

        Assert.Equal("page 1", await one.GetAsync());
        Assert.Equal("page 1", await one.GetAsync());
        await one.Store.EvictByTagAsync("products", default);

        Assert.Equal("page 2", await one.GetAsync());
    }
}
