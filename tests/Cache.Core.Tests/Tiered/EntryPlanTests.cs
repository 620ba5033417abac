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

    [Fact]
    public void Limits_AreMadeOfTheFetchsTimeTheLeaseAndAMargin()
    {
        var plan = new EntryPlan(new TieredCacheOptions { FetchTimeout = TimeSpan.FromSeconds(30), LeaseLifetime = TimeSpan.FromSeconds(5), L2TimeToLive = TimeSpan.FromHours(1) });

        Assert.Equal(TimeSpan.FromSeconds(35), plan.LongestWait);
        Assert.Equal(TimeSpan.FromSeconds(30 + 35 + 60), plan.NoteLife);
        Assert.Equal(TimeSpan.FromHours(1) + plan.NoteLife, plan.FenceLife);
        Assert.Equal(plan.FenceLife, plan.TombstoneLife);
        Assert.Equal(TimeSpan.FromDays(30) + plan.NoteLife, plan.DecidedBy(new CacheEntryOptions { L2TimeToLive = TimeSpan.FromSeconds(-1) }).FenceLife);
    }

    [Theory]
    [InlineData(CacheSteps.None, false)]
    [InlineData(CacheSteps.FillL1, false)]
    [InlineData(CacheSteps.FillL2, false)]
    [InlineData(CacheSteps.ReadL1 | CacheSteps.ReadL2, false)]
    [InlineData(CacheSteps.FillL1 | CacheSteps.FillL2, true)]
    [InlineData(CacheSteps.FillL1 | CacheSteps.FillL2 | CacheSteps.ReadL1, true)]
    public void KeepsNothing_WhoFillsNeitherTier(CacheSteps skip, bool keepsNothing)
    {
        var plan = _plan.DecidedBy(new CacheEntryOptions { Skip = skip });

        Assert.Equal(keepsNothing, plan.KeepsNothing);
        Assert.Equal(skip.HasFlag(CacheSteps.FillL1), plan.Skips(CacheSteps.FillL1));
        Assert.Equal(skip.HasFlag(CacheSteps.ReadL2), plan.Skips(CacheSteps.ReadL2));
    }

    [Fact]
    public void DecidedBy_TwoThatLeaveOutSteps_LeavesOutBoth() => Assert.Equal(
        CacheSteps.FillL1 | CacheSteps.ReadL2,
        _plan.DecidedBy(new CacheEntryOptions { Skip = CacheSteps.FillL1 }).DecidedBy(new CacheEntryOptions { Skip = CacheSteps.ReadL2 }).Skip);

    [Fact]
    public void DecidedBy_TwoThatNameASize_TakesTheLater_AndKeepsItWhereNothingIsSaid()
    {
        var first = _plan.DecidedBy(new CacheEntryOptions { Size = 3 });

        Assert.Equal(5, first.DecidedBy(new CacheEntryOptions { Size = 5 }).Size);
        Assert.Equal(3, first.DecidedBy(new CacheEntryOptions()).Size);
        Assert.Null(_plan.DecidedBy(new CacheEntryOptions()).Size);
    }

    [Theory]
    [InlineData(0, 300, null, 300)]
    [InlineData(60, 300, null, 60)]
    [InlineData(400, 300, null, 300)]
    [InlineData(0, 300, 100, 100)]
    [InlineData(60, 300, 30, 30)]
    [InlineData(60, 0, 100, 60)]
    public void Terms_AreFreshUntilTheSoftExpiration_AndNoLongerThanWhatRemainsInL2(int soft, int life, int? remaining, int fresh)
    {
        var plan = Plan(new CacheEntryOptions { SoftExpiration = Seconds(soft), L1TimeToLive = Seconds(life), StaleIfError = Seconds(7) });

        var terms = plan.Terms(remaining is { } left ? Seconds(left) : null, size: 5, tags: null, proven: Seconds(2));

        Assert.Equal(Seconds(fresh), terms.Soft);
        Assert.Equal(EntryPlan.Shorter(Seconds(life), Seconds(remaining ?? 0)), terms.Serve);
        Assert.Equal(terms.Serve + Seconds(7), terms.Hard);
        Assert.Equal((5L, Seconds(2)), (terms.Size, terms.Proven));
        Assert.Equal(9, (plan with { Size = 9 }).Terms(remaining: null, size: 5, tags: null, proven: default).Size);
    }

    [Theory]
    [InlineData(100, 1000, 1000, null)]
    [InlineData(100, 1000, 901, null)]
    [InlineData(100, 1000, 900, 0)]
    [InlineData(100, 1000, 850, 50)]
    [InlineData(100, 1000, null, null)]
    [InlineData(0, 1000, 850, null)]
    [InlineData(100, 0, 850, null)]
    public void PastL2Soft_IsToldFromWhatRemains_AndServedWhileItIsRefreshed(int soft, int life, int? remaining, int? past)
    {
        var plan = Plan(new CacheEntryOptions { L2SoftExpiration = Seconds(soft), L2TimeToLive = Seconds(life), L1TimeToLive = Seconds(10) });
        TimeSpan? left = remaining is { } seconds ? Seconds(seconds) : null;

        Assert.Equal(past is { } age ? Seconds(age) : null, plan.PastL2Soft(left));
        Assert.Equal(past is null ? Seconds(10) : TimeSpan.FromTicks(1), plan.Terms(left, size: 0, tags: null, proven: default).Soft);
    }

    [Fact]
    public void D3_EveryLifetime_IsJittered()
    {
        var plan = Plan(new CacheEntryOptions
        {
            Jitter = 0.5,
            SoftExpiration = Seconds(50),
            L1TimeToLive = Seconds(100),
            L2TimeToLive = Seconds(1000),
            NegativeLifetime = Seconds(10),
            DeniedRecheck = Seconds(20),
        });

        AssertJittered(Seconds(1000), plan.L2Life);
        AssertJittered(Seconds(10), plan.NegativeLife);
        AssertJittered(Seconds(20), plan.RecheckAfter);
        AssertJittered(Seconds(50), () => plan.Terms(remaining: null, size: 0, tags: null, proven: default).Soft);
        AssertJittered(Seconds(100), () => plan.Terms(remaining: null, size: 0, tags: null, proven: default).Serve);
    }

    private static void AssertJittered(TimeSpan lifetime, Func<TimeSpan> draw)
    {
        var drawn = Enumerable.Range(0, 200).Select(_ => draw()).ToArray();
        Assert.All(drawn, life => Assert.InRange(life, lifetime / 2, lifetime));
        Assert.True(drawn.Distinct().Count() > 100);
    }

    private static EntryPlan Plan(CacheEntryOptions options) => new EntryPlan(new TieredCacheOptions { Jitter = 0 }).DecidedBy(options);

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
