using Cache.Core.Valkey.Resp;

namespace Cache.Core.Tests.Valkey.Resp;

/// <summary>A slow server holds up no caller's thread.</summary>
public sealed class PatienceTests
{
    [Fact]
    public void SlowServer_IsWaitedForThreeTimes_ThenMoreAndMoreSeldom()
    {
        var patience = new Patience();

        Assert.Equal([0, 1, 2, 103, 304, 705], Waits(patience, reads: 706));
        Assert.InRange(Waits(patience, reads: 1_000_000).Count, 70, 90);
    }

    [Fact]
    public void AnswerInTime_EndsTheRest_AndThreeInVainBeginItAnew()
    {
        var patience = new Patience();
        Waits(patience, reads: 706);
        while (!patience.MayWait())
        {
        }

        patience.Rewarded();

        Assert.Equal([0, 1, 2, 103], Waits(patience, reads: 104));
    }

    /// <summary>Which of the reads have waited, all in vain.</summary>
    private static List<int> Waits(Patience patience, int reads)
    {
        var waits = new List<int>();
        for (var read = 0; read < reads; read++)
        {
            if (!patience.MayWait())
                continue;
            waits.Add(read);
            patience.Disappointed();
        }

        return waits;
    }
}
