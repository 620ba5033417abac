namespace Cache.Core.Tests.Contract;

/// <summary>What every <see cref="IConfigCache"/> promises (A1, A3).</summary>
public abstract class ConfigCacheContract
{
    private readonly string _key = $"key-{Guid.NewGuid():N}";

    /// <summary>A fresh cache, and how to let time pass for it.</summary>
    protected abstract IConfigCache Cache { get; }

    protected abstract Task LetPassAsync(TimeSpan time);

    [Fact]
    public async Task Get_OfAnAbsentKey_IsAMiss()
    {
        var result = await Cache.GetAsync<Sample>(_key);

        Assert.False(result.IsHit);
        Assert.Null(result.Value);
    }

    [Fact]
    public async Task Get_AfterSet_IsAHitWithTheValue()
    {
        await Cache.SetAsync(_key, new Sample("a", 1), TimeSpan.FromMinutes(1));

        var result = await Cache.GetAsync<Sample>(_key);

        Assert.True(result.IsHit);
        Assert.Equal(new Sample("a", 1), result.Value);
    }

    [Fact]
    public async Task Set_OfAPresentKey_ReplacesTheValue()
    {
        await Cache.SetAsync(_key, new Sample("a", 1), TimeSpan.FromMinutes(1));
        await Cache.SetAsync(_key, new Sample("b", 2), TimeSpan.FromMinutes(1));

        Assert.Equal(new Sample("b", 2), (await Cache.GetAsync<Sample>(_key)).Value);
    }

    [Fact]
    public async Task Get_AfterTheLifetime_IsAMiss()
    {
        await Cache.SetAsync(_key, new Sample("a", 1), TimeSpan.FromMilliseconds(50));

        await LetPassAsync(TimeSpan.FromMilliseconds(60));

        Assert.False((await Cache.GetAsync<Sample>(_key)).IsHit);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Set_WithALifetimeOfZeroOrLess_NeverExpires(int seconds)
    {
        await Cache.SetAsync(_key, new Sample("a", 1), TimeSpan.FromSeconds(seconds));

        await LetPassAsync(TimeSpan.FromMilliseconds(60));

        Assert.True((await Cache.GetAsync<Sample>(_key)).IsHit);
    }

    [Fact]
    public async Task Invalidate_OfAPresentKey_MakesItAMiss()
    {
        await Cache.SetAsync(_key, new Sample("a", 1), TimeSpan.FromMinutes(1));
        await Cache.InvalidateAsync(_key);

        Assert.False((await Cache.GetAsync<Sample>(_key)).IsHit);
    }

    [Fact]
    public async Task Invalidate_OfAnAbsentKey_IsNoError()
    {
        await Cache.InvalidateAsync(_key);

        Assert.False((await Cache.GetAsync<Sample>(_key)).IsHit);
    }

    [Fact]
    public async Task EmptyKeys_AreRefused()
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await Cache.GetAsync<Sample>(string.Empty));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Cache.SetAsync(string.Empty, new Sample("a", 1), TimeSpan.Zero));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Cache.InvalidateAsync(string.Empty));
    }

    public sealed record Sample(string Name, int Number);
}
