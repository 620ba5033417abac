using TenantManager.Console.Cache;

namespace TenantManager.Console.Tests.Cache;

/// <summary>Hit rates over time, from counters that grow and sometimes begin anew.</summary>
public sealed class CacheHistoryTests
{
    private readonly CacheHistory _history = new();
    private DateTimeOffset _at = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Rate_IsOfWhatCameBetweenTwoLooks()
    {
        Look((90, 100));
        Look((140, 200));
        Assert.Equal([0.5], Rates());
    }

    [Fact]
    public void Rate_OfNothing_IsAGap_AndTheLatestIsTheLastThatThereWas()
    {
        Look((0, 0));
        Look((1, 1));
        Look((1, 1));
        Assert.Equal([1.0, null], Rates());
        Assert.Equal(1.0, Assert.Single(_history.Read()).Latest);
    }

    [Fact]
    public void Rate_OverARestart_IsAGap()
    {
        Look((500, 1000));
        Look((1, 2));
        Look((2, 4));
        Assert.Equal([null, 0.5], Rates());
    }

    [Fact]
    public void History_IsBounded()
    {
        for (var n = 0; n < 1000; n++)
            Look((n, n));
        Assert.Equal(360, Rates().Count());
    }

    private IEnumerable<double?> Rates() => _history.Read().Single().Points.Select(static point => point.Rate);

    private void Look((long Found, long All) counts) => _history.Add(_at = _at.AddSeconds(5), [new TierSample("ledger", "l1", counts.Found, counts.All)]);
}
