using Cache.Core.Memory;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Memory;

/// <summary>L1's clock: what ends when, and what never does.</summary>
public sealed class TierClockTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TierClock _clock;

    public TierClockTests() => _clock = new TierClock(_time);

    [Fact]
    public void Now_OfAProviderThatIsNotTheSystems_IsExact()
    {
        _time.Advance(TimeSpan.FromMilliseconds(7));
        Assert.Equal(_time.GetTimestamp(), _clock.Now);
    }

    [Fact]
    public void Deadline_IsALifetimeFromNow()
    {
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(_time.GetTimestamp() + (_time.TimestampFrequency / 2), _clock.Deadline(TimeSpan.FromMilliseconds(500)));
    }

    [Fact]
    public void Deadline_OfNothingOrOfALifetimeBeyondTheLongest_IsNever()
    {
        Assert.Equal(long.MaxValue, _clock.Deadline(TimeSpan.Zero));
        Assert.Equal(long.MaxValue, _clock.Deadline(TimeSpan.FromTicks(-1)));
        Assert.Equal(long.MaxValue, _clock.Deadline(Expirations.Longest));
        Assert.NotEqual(long.MaxValue, _clock.Deadline(Expirations.Longest - TimeSpan.FromDays(1)));
        Assert.NotEqual(long.MaxValue, _clock.Deadline(TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void Since_AMomentThatLiesAhead_IsZero_AndOneBehindItsDistance()
    {
        var moment = _clock.Deadline(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.Zero, _clock.Since(moment));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.Zero, _clock.Since(moment));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), _clock.Since(moment));
    }
}
