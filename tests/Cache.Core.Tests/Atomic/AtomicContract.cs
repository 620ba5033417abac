using System.Text;
using Cache.Core.Rates;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Atomic;

/// <summary>What every <see cref="ICacheClient"/> promises of its single steps on one key: by scripts in a real Valkey, and by the double.</summary>
public abstract class AtomicContract
{
    /// <summary>One a minute: whatever a machine's pauses, none comes back during a test.</summary>
    private static readonly RateTerms Slow = new(1, TimeSpan.FromMinutes(10), 5);

    private readonly string _prefix = ValkeyFixture.NewPrefix();

    protected abstract ICacheClient Client { get; }

    protected string Key => _prefix + "k";

    [Fact]
    public async Task Take_LetsTheBurstThrough_AndCountsDown()
    {
        var remaining = new List<long>();
        for (var n = 0; n < 5; n++)
        {
            var take = await Client.TakeAsync(Key, Slow);
            Assert.True(take.IsAllowed);
            Assert.Equal(TimeSpan.Zero, take.RetryAfter);
            Assert.InRange(take.UntilWhole, TimeSpan.FromMinutes((10 * n) + 9), TimeSpan.FromMinutes(10 * (n + 1)));
            remaining.Add(take.Remaining);
        }

        Assert.Equal([4, 3, 2, 1, 0], remaining);
    }

    [Fact]
    public async Task Take_BeyondTheBurst_IsRefused_AndTakesNothing()
    {
        for (var n = 0; n < 5; n++)
            await Client.TakeAsync(Key, Slow);
        var first = await Client.TakeAsync(Key, Slow);
        RateTake last = default;
        for (var n = 0; n < 20; n++)
            last = await Client.TakeAsync(Key, Slow);

        Assert.Equal((false, 0L), (first.IsAllowed, first.Remaining));
        Assert.Equal((false, 0L), (last.IsAllowed, last.Remaining));
        Assert.InRange(first.RetryAfter, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        Assert.InRange(last.RetryAfter, TimeSpan.FromMinutes(1), first.RetryAfter);
        Assert.InRange(last.UntilWhole, TimeSpan.FromMinutes(41), TimeSpan.FromMinutes(50));
    }

    [Fact]
    public async Task Take_ByManyAtOnce_LetsExactlyTheBurstThrough()
    {
        var takes = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Client.TakeAsync(Key, new RateTerms(1, TimeSpan.FromMinutes(10), 37)).AsTask()));

        Assert.Equal(37, takes.Count(take => take.IsAllowed));
        Assert.Equal(37, takes.Where(take => take.IsAllowed).Select(take => take.Remaining).Distinct().Count());
    }

    [Fact]
    public async Task Take_OfTwoKeys_AreTwoLimits()
    {
        var one = new RateTerms(1, TimeSpan.FromMinutes(10), 1);

        Assert.True((await Client.TakeAsync(Key, one)).IsAllowed);
        Assert.False((await Client.TakeAsync(Key, one)).IsAllowed);
        Assert.True((await Client.TakeAsync(_prefix + "other", one)).IsAllowed);
    }

    [Fact]
    public async Task Take_OfAnIntervalLater_IsAllowedAgain()
    {
        var fast = new RateTerms(20, TimeSpan.FromSeconds(1), 1);
        Assert.True((await Client.TakeAsync(Key, fast)).IsAllowed);

        await PassAsync(TimeSpan.FromMilliseconds(50));

        Assert.True((await Client.TakeAsync(Key, fast)).IsAllowed);
    }

    [Fact]
    public async Task Take_LeavesNoKeyBehind_WhenTheLimitIsWhole()
    {
        await Client.TakeAsync(Key, new RateTerms(20, TimeSpan.FromSeconds(1), 1));

        await PassAsync(TimeSpan.FromMilliseconds(51));

        await Eventually.HoldsAsync("the key's end", async () => await Client.ExistsAsync([Key]) == 0);
    }

    [Theory]
    [InlineData("not a number")]
    [InlineData("")]
    [InlineData("nan")]
    [InlineData("inf")]
    [InlineData("-1")]
    public async Task Take_OverRubbish_AllowsWithinTheTerms(string rubbish)
    {
        await Client.SetAsync(Key, Encoding.UTF8.GetBytes(rubbish), TimeSpan.FromHours(1));

        var takes = new List<RateTake>();
        for (var n = 0; n < 7; n++)
            takes.Add(await Client.TakeAsync(Key, Slow));

        // Whatever lies there stands for a limit that is whole, or for one of which everything is missing.
        Assert.InRange(takes.Count(take => take.IsAllowed), 0, 5);
        Assert.All(takes, take => Assert.InRange(take.UntilWhole, TimeSpan.FromMinutes(9), Slow.UntilWhole));
    }

    [Fact]
    public async Task Take_FromTheFuture_RefusesForNoLongerThanTheTerms()
    {
        await Client.SetAsync(Key, "9000000000000000"u8.ToArray(), TimeSpan.FromHours(1));

        var take = await Client.TakeAsync(Key, Slow);

        Assert.False(take.IsAllowed);
        Assert.InRange(take.RetryAfter, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0)]
    [InlineData(-1, 1, 1)]
    [InlineData(1, 40_000_000, 1)]
    [InlineData(1, 1, long.MaxValue)]
    public async Task Take_OfTermsThatAreNone_IsRefused(long count, long seconds, long burst) =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await Client.TakeAsync(Key, new RateTerms(count, TimeSpan.FromSeconds(seconds), burst)));

    [Fact]
    public async Task SetIfEqual_OfTheExpectedValue_StoresWithItsLifetime()
    {
        await Client.SetAsync(Key, "one"u8.ToArray(), TimeSpan.Zero);

        Assert.True(await Client.SetIfEqualAsync(Key, "one"u8.ToArray(), "two"u8.ToArray(), TimeSpan.FromHours(1)));

        Assert.Equal("two"u8.ToArray(), await Client.GetAsync(Key));
        Assert.True(await Client.SetIfEqualAsync(Key, "two"u8.ToArray(), "three"u8.ToArray(), TimeSpan.Zero));
        Assert.Equal("three"u8.ToArray(), await Client.GetAsync(Key));
    }

    [Fact]
    public async Task SetIfEqual_OfAnotherOrNoValue_ChangesNothing()
    {
        Assert.False(await Client.SetIfEqualAsync(Key, "one"u8.ToArray(), "two"u8.ToArray(), TimeSpan.FromHours(1)));
        Assert.Null(await Client.GetAsync(Key));
        await Client.SetAsync(Key, "ones"u8.ToArray(), TimeSpan.FromHours(1));

        Assert.False(await Client.SetIfEqualAsync(Key, "one"u8.ToArray(), "two"u8.ToArray(), TimeSpan.FromHours(1)));
        Assert.Equal("ones"u8.ToArray(), await Client.GetAsync(Key));
    }

    [Fact]
    public async Task SetIfEqual_ComparesBytes_NotText()
    {
        byte[] value = [0, 255, 254, 13, 10, 0];
        await Client.SetAsync(Key, value, TimeSpan.FromHours(1));

        Assert.False(await Client.SetIfEqualAsync(Key, new byte[] { 0, 255, 253, 13, 10, 0 }, "x"u8.ToArray(), TimeSpan.FromHours(1)));
        Assert.True(await Client.SetIfEqualAsync(Key, value, "x"u8.ToArray(), TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task SetIfEqual_ByManyAtOnce_LetsOneThrough()
    {
        await Client.SetAsync(Key, "start"u8.ToArray(), TimeSpan.FromHours(1));

        var done = await Task.WhenAll(Enumerable.Range(0, 50).Select(n =>
            Client.SetIfEqualAsync(Key, "start"u8.ToArray(), Encoding.UTF8.GetBytes($"{n}"), TimeSpan.FromHours(1)).AsTask()));

        Assert.Single(done, isDone => isDone);
    }

    [Fact]
    public async Task DeleteIfEqual_RemovesTheExpectedValueAlone()
    {
        Assert.False(await Client.DeleteIfEqualAsync(Key, "one"u8.ToArray()));
        await Client.SetAsync(Key, "two"u8.ToArray(), TimeSpan.FromHours(1));
        Assert.False(await Client.DeleteIfEqualAsync(Key, "one"u8.ToArray()));
        Assert.Equal("two"u8.ToArray(), await Client.GetAsync(Key));

        Assert.True(await Client.DeleteIfEqualAsync(Key, "two"u8.ToArray()));

        Assert.Null(await Client.GetAsync(Key));
    }

    /// <summary>Lets the server's clock run on by at least so much.</summary>
    protected abstract Task PassAsync(TimeSpan time);
}
