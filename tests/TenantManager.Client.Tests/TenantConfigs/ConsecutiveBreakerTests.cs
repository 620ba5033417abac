using TenantManager.Client.TenantConfigs;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.TenantConfigs;

public sealed class ConsecutiveBreakerTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ConsecutiveBreaker _breaker;

    public ConsecutiveBreakerTests() => _breaker = new ConsecutiveBreaker(threshold: 3, TimeSpan.FromSeconds(30), _time);

    [Fact]
    public void TryEnter_FailuresInARow_OpenAtTheThreshold()
    {
        Fail(2);
        Assert.True(_breaker.TryEnter());
        _breaker.Failed();
        Assert.False(_breaker.TryEnter());
    }

    [Fact]
    public void Answered_BetweenFailures_StartsTheCountOver()
    {
        Fail(2);
        _breaker.Answered();
        Fail(2);
        Assert.True(_breaker.TryEnter());
    }

    [Fact]
    public void TryEnter_AfterTheTimeout_LetsOneProbeThrough()
    {
        Fail(3);
        _time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.False(_breaker.TryEnter());
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(_breaker.TryEnter());
        Assert.False(_breaker.TryEnter());
    }

    [Fact]
    public void Probe_ThatSucceeds_Closes()
    {
        Fail(3);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(_breaker.TryEnter());
        _breaker.Answered();
        Assert.True(_breaker.TryEnter());
        Assert.True(_breaker.TryEnter());
    }

    [Fact]
    public void Probe_ThatFails_OpensForAnotherTimeout()
    {
        Fail(3);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(_breaker.TryEnter());
        _breaker.Failed();
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(_breaker.TryEnter());
    }

    [Fact]
    public void Probe_ThatIsAbandoned_LeavesRoomForAnother()
    {
        Fail(3);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(_breaker.TryEnter());
        _breaker.Abandoned();
        Assert.True(_breaker.TryEnter());
    }

    [Fact]
    public void TryEnter_ThresholdZero_NeverOpens()
    {
        var off = new ConsecutiveBreaker(threshold: 0, TimeSpan.FromSeconds(30), _time);
        for (var i = 0; i < 100; i++)
            off.Failed();
        Assert.True(off.TryEnter());
    }

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.True(_breaker.TryEnter());
            _breaker.Failed();
        }
    }
}
