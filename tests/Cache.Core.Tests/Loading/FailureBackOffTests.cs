using Cache.Core.Loading;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Loading;

/// <summary>How long an ill source is left alone.</summary>
public sealed class FailureBackOffTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FailureBackOff _failures;

    public FailureBackOffTests() => _failures = new FailureBackOff(_time);

    [Fact]
    public void Failed_ConcernsItsKeyOnly()
    {
        _failures.Failed("ill");

        Assert.True(_failures.IsResting("ill"));
        Assert.False(_failures.IsResting("well"));
    }

    [Theory]
    [InlineData(1, 250)]
    [InlineData(2, 500)]
    [InlineData(3, 1_000)]
    [InlineData(6, 8_000)]
    [InlineData(7, 15_000)]
    [InlineData(50, 15_000)]
    public void Failed_AgainAndAgain_DoublesThePause_UpToItsLongest(int failures, int milliseconds)
    {
        for (var n = 0; n < failures; n++)
            _failures.Failed("k");
        var pause = TimeSpan.FromMilliseconds(milliseconds);

        // A quarter at most is taken off at random.
        _time.Advance((pause * 0.75) - TimeSpan.FromTicks(1));
        Assert.True(_failures.IsResting("k"));
        _time.Advance((pause * 0.25) + TimeSpan.FromTicks(1));
        Assert.False(_failures.IsResting("k"));
    }

    [Fact]
    public void Failed_AtOnceForManyKeys_EndsTheirPausesApart()
    {
        var keys = Enumerable.Range(0, 100).Select(n => $"k{n}").ToArray();
        foreach (var key in keys)
            _failures.Failed(key);

        _time.Advance(TimeSpan.FromMilliseconds(250 * 0.875));

        Assert.InRange(keys.Count(_failures.IsResting), 1, 99);
    }

    [Fact]
    public void Answered_EndsThePause_AndTheNextOneIsShortAgain()
    {
        for (var n = 0; n < 5; n++)
            _failures.Failed("k");
        _failures.Answered("k");
        Assert.False(_failures.IsResting("k"));

        _failures.Failed("k");
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.False(_failures.IsResting("k"));
    }

    [Fact]
    public void Failed_OfMoreKeysThanItRemembers_ForgetsThem_AndOfAKnownOneForgetsNone()
    {
        for (var n = 0; n < 4096; n++)
            _failures.Failed($"k{n}");
        _failures.Failed("k0");
        Assert.True(_failures.IsResting("k4095"));

        _failures.Failed("one more");

        Assert.False(_failures.IsResting("k4095"));
        Assert.True(_failures.IsResting("one more"));
    }
}
