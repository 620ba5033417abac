using Cache.Core.Diagnostics;
using Cache.Core.Memory;

namespace Cache.Core.Tests.Memory;

/// <summary>Entries expire without a timer each.</summary>
public sealed class ExpirationTests
{
    private readonly Tiers _tiers = new();

    [Fact]
    public void Expire_Softly_ThenHard_IsStaleInBetween()
    {
        _tiers.Fill("k", "v");

        _tiers.Time.Advance(Tiers.Soft);
        Assert.Null(_tiers.Fresh("k"));
        Assert.Equal("v", _tiers.Stale("k"));

        _tiers.Time.Advance(Tiers.Hard - Tiers.Soft);
        Assert.Null(_tiers.Stale("k"));
    }

    [Fact]
    public void Sweep_RemovesWhatIsPastItsHardExpiration_AndNothingElse()
    {
        for (var n = 0; n < 100; n++)
            _tiers.Fill($"old{n}", "v");
        _tiers.Time.Advance(Tiers.Hard - TimeSpan.FromTicks(1));
        for (var n = 0; n < 50; n++)
            _tiers.Fill($"new{n}", "v");

        _tiers.Tier.Sweep();
        Assert.Equal(150, _tiers.Tier.Count);
        _tiers.Time.Advance(TimeSpan.FromTicks(1));
        _tiers.Tier.Sweep();

        Assert.Equal(50, _tiers.Tier.Count);
        Assert.Equal("v", _tiers.Fresh("new0"));
    }

    [Fact]
    public void Sweep_ByStoresAlone_EmptiesTheTableOfExpiredEntries()
    {
        for (var n = 0; n < 1000; n++)
            _tiers.Fill($"old{n}", "v");
        _tiers.Time.Advance(Tiers.Hard);

        for (var n = 0; n < 600; n++)
            _tiers.Fill($"k{n % 5}", "v");

        Assert.Equal(5, _tiers.Tier.Count);
        Assert.Equal(5 * (MemoryTier.EntryOverhead + 4), _tiers.Tier.Bytes);
    }

    [Fact]
    public void Expire_OnTheSystemsClock_IsNeverLate()
    {
        var tier = new MemoryTier(10, TimeProvider.System, CacheMetrics.Shared);
        var lifetime = TimeSpan.FromMilliseconds(60);
        var began = TimeProvider.System.GetTimestamp();
        tier.Set("k", "v", lifetime, lifetime);
        var set = TimeProvider.System.GetTimestamp();

        TimeSpan before;
        TimeSpan after;
        bool isFresh;
        bool isKernelLate;
        do
        {
            // On a starved machine the kernel's coarse clock may stand still for longer than a tick: see TierClock.
            var coarse = TimeSpan.FromMilliseconds(Environment.TickCount64);
            isKernelLate = OperatingSystem.IsLinux() && TimeProvider.System.GetElapsedTime(0) - coarse > TimeSpan.FromMilliseconds(11);
            before = TimeProvider.System.GetElapsedTime(set);
            isFresh = tier.TryGetFresh<string>("k", out _);
            after = TimeProvider.System.GetElapsedTime(began);
        }
        while (isFresh && (before <= lifetime || isKernelLate));

        Assert.False(isFresh, $"Fresh {before.TotalMilliseconds} ms after it was set for {lifetime.TotalMilliseconds} ms.");
        Assert.True(after >= lifetime - TimeSpan.FromMilliseconds(11), $"Expired after {after.TotalMilliseconds} ms.");
    }

    [Fact]
    public void Expire_Never_StaysFresh()
    {
        _tiers.Tier.Set("k", "v", TimeSpan.Zero, TimeSpan.FromSeconds(-1));
        _tiers.Time.Advance(TimeSpan.FromDays(10_000));
        Assert.Equal("v", _tiers.Fresh("k"));
    }
}
