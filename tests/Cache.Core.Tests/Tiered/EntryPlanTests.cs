using Cache.Core.Tiered;

namespace Cache.Core.Tests.Tiered;

/// <summary>Whose options decide.</summary>
public sealed class EntryPlanTests
{
    private readonly EntryPlan _plan = new(new TieredCacheOptions());

    [Theory]
    [InlineData(30, 5, 0, 30)]
    [InlineData(30, 5, 10, 20)]
    [InlineData(30, 5, 29, 5)]
    [InlineData(2, 5, 10, 2)]
    public void After_AWaitForAnother_LeavesTheRestOfTheTime_AndALeaseAtLeast(int timeout, int lease, int waited, int left)
    {
        var plan = new EntryPlan(new TieredCacheOptions { FetchTimeout = TimeSpan.FromSeconds(timeout), LeaseLifetime = TimeSpan.FromSeconds(lease) });

        Assert.Equal(TimeSpan.FromSeconds(left), plan.After(TimeSpan.FromSeconds(waited)).FetchTimeout);
    }

    [Fact]
    public void DecidedBy_OptionsThatSayEverything_IsWhatTheySay()
    {
        var options = new CacheEntryOptions
        {
            SoftExpiration = TimeSpan.FromSeconds(1),
            L1TimeToLive = TimeSpan.FromSeconds(2),
            L2SoftExpiration = TimeSpan.FromSeconds(3),
            L2TimeToLive = TimeSpan.FromSeconds(4),
            StaleIfError = TimeSpan.FromSeconds(5),
            NegativeLifetime = TimeSpan.FromSeconds(6),
            DeniedRecheck = TimeSpan.FromSeconds(7),
            Jitter = 0.25,
            FetchSoftTimeout = TimeSpan.FromSeconds(8),
            FetchTimeout = TimeSpan.FromSeconds(9),
            L2SoftTimeout = TimeSpan.FromSeconds(10),
            L2Timeout = TimeSpan.FromSeconds(11),
            Size = 12,
            Skip = CacheSteps.FillL2,
            Tags = ["red"],
        };

        var decided = _plan.DecidedBy(options);

        // Both have these properties under the same names; what only the plan has stays as it was.
        foreach (var option in typeof(CacheEntryOptions).GetProperties())
            Assert.Equal(option.GetValue(options), typeof(EntryPlan).GetProperty(option.Name)!.GetValue(decided));
        Assert.Equal(_plan.LeaseLifetime, decided.LeaseLifetime);
    }

    [Fact]
    public void DecidedBy_OptionsThatSayNothing_ChangesNothing()
    {
        Assert.Same(_plan, _plan.DecidedBy(options: null));
        Assert.Equal(_plan, _plan.DecidedBy(new CacheEntryOptions()));
    }

    [Fact]
    public void DecidedBy_OptionsOutOfRange_AreBroughtIntoRange()
    {
        var decided = _plan.DecidedBy(new CacheEntryOptions { Jitter = 7, FetchTimeout = TimeSpan.Zero });

        Assert.Equal((0.5, _plan.FetchTimeout), (decided.Jitter, decided.FetchTimeout));
    }

    [Fact]
    public void Terms_OfAnEntryThatNeverExpires_NeverEnd()
    {
        var terms = _plan.DecidedBy(new CacheEntryOptions { L1TimeToLive = TimeSpan.Zero, L2TimeToLive = TimeSpan.Zero }).Terms(null, 0, null, TimeSpan.Zero);

        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero), (terms.Soft, terms.Serve, terms.Hard));
    }

    [Fact]
    public void FenceLife_OutlivesTheValue_AlsoWhenThatNeverExpires()
    {
        Assert.True(_plan.FenceLife > _plan.L2TimeToLive);
        Assert.True(_plan.DecidedBy(new CacheEntryOptions { L2TimeToLive = TimeSpan.Zero }).FenceLife > TimeSpan.FromDays(29));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 5, 5)]
    [InlineData(5, 0, 5)]
    [InlineData(3, 5, 3)]
    [InlineData(5, 3, 3)]
    public void Shorter_OfTwoLifetimes_TakesZeroForEver(int one, int other, int shorter) =>
        Assert.Equal(TimeSpan.FromSeconds(shorter), EntryPlan.Shorter(TimeSpan.FromSeconds(one), TimeSpan.FromSeconds(other)));
}
