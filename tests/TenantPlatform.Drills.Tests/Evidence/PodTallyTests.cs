using TenantPlatform.Drills.Evidence;

namespace TenantPlatform.Drills.Tests.Evidence;

/// <summary>What is counted of a pod's answers.</summary>
public sealed class PodTallyTests
{
    private static readonly TimeSpan End = TimeSpan.FromSeconds(10);

    [Fact]
    public void AllServed_NothingFailed_AndNothingWasCutOff()
    {
        var tally = PodTally.Of("pod", [Served(0, 1), Served(1, 4), Served(4, 5)], End);

        Assert.Equal((3, 0, 0, TimeSpan.Zero, false), (tally.Requests, tally.Failed, tally.Stale, tally.CutOff, tally.IsCutOff));
        Assert.Equal(TimeSpan.FromSeconds(3), tally.Slowest);
    }

    [Fact]
    public void CutOff_LastsFromTheLastAnswerBeforeTheFailures_ToTheFirstAfterThem()
    {
        var tally = PodTally.Of("pod", [Served(0, 1), Failed(1, 2), Failed(2, 3), Served(3, 5), Failed(5, 6), Served(6, 7)], End);

        Assert.Equal((TimeSpan.FromSeconds(4), false), (tally.CutOff, tally.IsCutOff));
        Assert.Equal(3, tally.Failed);
    }

    [Fact]
    public void CutOff_OfAPodThatDoesNotComeBack_LastsToTheEndOfTheWatch()
    {
        var tally = PodTally.Of("pod", [Served(0, 1), Failed(1, 2)], End);

        Assert.Equal((TimeSpan.FromSeconds(9), true), (tally.CutOff, tally.IsCutOff));
    }

    [Fact]
    public void CutOff_OfAPodThatNeverServed_LastsFromTheBeginning()
    {
        var tally = PodTally.Of("pod", [Failed(0, 2), Failed(2, 4)], End);

        Assert.Equal((End, true, TimeSpan.Zero), (tally.CutOff, tally.IsCutOff, tally.Slowest));
    }

    [Fact]
    public void AnswersThatNeverCame_DoNotMakeAPodCutOff_WhenNoneWasAsked()
    {
        var tally = PodTally.Of("pod", [], End);

        Assert.Equal((0, TimeSpan.Zero, false), (tally.Requests, tally.CutOff, tally.IsCutOff));
    }

    [Fact]
    public void Failures_AreCountedByReason_AndStaleAnswersAmongTheServed()
    {
        var tally = PodTally.Of("pod", [Failed(0, 1, "503"), Failed(1, 2, "refused"), Failed(2, 3, "503"), new PodAnswer(At(3), At(4), Failure: null, IsStale: true)], End);

        Assert.Equal([("503", 2), ("refused", 1)], tally.Failures.Select(failure => (failure.Key, failure.Value)).Order());
        Assert.Equal(1, tally.Stale);
    }

    private static PodAnswer Served(int begun, int ended) => new(At(begun), At(ended), Failure: null);

    private static PodAnswer Failed(int begun, int ended, string why = "503") => new(At(begun), At(ended), why);

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);
}
