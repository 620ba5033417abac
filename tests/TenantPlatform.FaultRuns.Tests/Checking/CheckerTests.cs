using TenantPlatform.FaultRuns.Checking;
using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Tests.Checking;

/// <summary>
/// Each invariant, broken by hand and kept by a hair. Bounds: 2 s by event, else 6.5 s of the tenant-manager's answers,
/// 4 s for a fault to settle.
/// </summary>
public sealed class CheckerTests
{
    [Fact]
    public void History_WithoutAChange_BreaksNothing() =>
        Assert.Empty(new HistoryBuilder().Served(1).Served(2, pod: HistoryBuilder.OtherPod, process: 200).Served(3).Broken());

    [Fact]
    public void BoundedDenial_ServedLongAfterTheSuspension_IsBroken() =>
        Assert.Equal([nameof(BoundedDenial)], new HistoryBuilder().Changed(10, ChangeKind.Suspend, 2).Served(12.1).Broken());

    [Fact]
    public void BoundedDenial_ServedWithoutTellingTheRevision_IsBroken() =>
        Assert.Equal([nameof(BoundedDenial)], new HistoryBuilder().Changed(10, ChangeKind.Suspend, 2).Served(12.1, revision: null).Broken());

    [Fact]
    public void BoundedDenial_ServedWithinTheBound_IsKept() => Assert.Empty(new HistoryBuilder().Changed(10, ChangeKind.Suspend, 2).Served(11.9).Broken());

    [Fact]
    public void BoundedDenial_AnswerLateButAskedForInTime_IsKept() =>
        Assert.Empty(new HistoryBuilder().Changed(10, ChangeKind.Suspend, 2).Answered(11.9, 200, revision: 1, taken: 9).Broken());

    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    [InlineData(null, false)]
    public void CacheNeverFails_DatabaseFailsOnThePresentConfiguration_IsKept(int? revision, bool isKept) => Assert.Equal(
        isKept ? [] : [nameof(CacheNeverFails)],
        new HistoryBuilder().Changed(10, ChangeKind.Rotate, 2).Answered(30, 503, revision).Broken());

    [Theory]
    [InlineData(21.4, true)]
    [InlineData(21.6, false)]
    public void SourceWins_ForgedRevision_IsBoundByRevalidation(double at, bool isKept) => Assert.Equal(
        isKept ? [] : [nameof(SourceWins)],
        new HistoryBuilder().Faulty(9, 11, Reach.SharedTier | Reach.Truth).Served(at, Answer.Forgery).Served(30).Broken());

    [Fact]
    public void SourceWins_ForgedRevisionWrittenWhileTheRequestWasUnderWay_IsKept() => Assert.Empty(
        new HistoryBuilder().Faulty(9, 11, Reach.SharedTier | Reach.Truth).Answered(8.9, 200, Answer.Forgery, taken: 0.2).Served(30).Broken());

    [Fact]
    public void SourceWins_ForgedRevisionThatNobodyWrote_IsBroken() =>
        Assert.Equal([nameof(SourceWins)], new HistoryBuilder().Served(10, Answer.Forgery).Broken());

    [Fact]
    public void RevocationWins_ForgedRevisionAfterADenial_IsBroken() => Assert.Contains(
        nameof(RevocationWins),
        new HistoryBuilder().Faulty(9, 11, Reach.SharedTier | Reach.Truth).Changed(9, ChangeKind.Suspend, 2).Refused(9.5, 2).Served(10, Answer.Forgery).Broken());

    [Theory]
    [InlineData(16.4, true)]
    [InlineData(16.6, false)]
    public void BoundedDenial_WithEventsBroken_IsBoundByRevalidation(double at, bool isKept) => AssertDenial(
        isKept, new HistoryBuilder().Changed(10, ChangeKind.Suspend, 2).Faulty(9, 11, Reach.Delivery).Served(at));

    [Theory]
    [InlineData(16.4, true)]
    [InlineData(16.6, false)]
    public void BoundedDenial_AfterEventsWereBroken_HasTimeToSettle(double at, bool isKept) => AssertDenial(
        isKept, new HistoryBuilder().Changed(10, ChangeKind.Suspend, 2).Faulty(5, 6.5, Reach.Delivery).Served(at));

    [Fact]
    public void BoundedDenial_LongAfterEventsWereBroken_IsBoundByDelivery() =>
        AssertDenial(isKept: false, new HistoryBuilder().Changed(10, ChangeKind.Suspend, 2).Faulty(4, 5.5, Reach.Delivery).Served(12.1));

    [Theory]
    [InlineData(30.4, true)]
    [InlineData(30.6, false)]
    public void BoundedDenial_WithTheSourceAwayToo_CountsFromItsReturn(double at, bool isKept) => AssertDenial(
        isKept, new HistoryBuilder().Changed(10, ChangeKind.Suspend, 2).Faulty(9, 11, Reach.Delivery).Faulty(12, 20, Reach.Source).Served(at));

    [Fact]
    public void BoundedDenial_WithOnlyTheSourceAway_IsBoundByDelivery() =>
        AssertDenial(isKept: false, new HistoryBuilder().Changed(10, ChangeKind.Suspend, 2).Faulty(9, 20, Reach.Source).Served(12.1));

    [Fact]
    public void BoundedDenial_FaultOfAnotherPod_ExcusesNothing() =>
        AssertDenial(isKept: false, new HistoryBuilder().Changed(10, ChangeKind.Suspend, 2).Faulty(9, 20, Reach.Pod, HistoryBuilder.OtherPod).Served(12.1));

    [Fact]
    public void BoundedDenial_SuspensionThatNobodyAnnounced_IsBoundByRevalidation()
    {
        AssertDenial(isKept: true, new HistoryBuilder().Changed(10, ChangeKind.Suspend, 2, isAnnounced: false).Served(16.4));
        AssertDenial(isKept: false, new HistoryBuilder().Changed(10, ChangeKind.Suspend, 2, isAnnounced: false).Served(16.6));
    }

    [Fact]
    public void BoundedDenial_ServedAfterTheReactivation_IsKept() =>
        Assert.Empty(new HistoryBuilder().Changed(10, ChangeKind.Suspend, 2).Changed(15, ChangeKind.Reactivate, 3).Served(15.5, revision: 3).Broken());

    [Theory]
    [InlineData(3, true)]
    [InlineData(2, false)]
    [InlineData(1, false)]
    public void BoundedDenial_ReactivationUnderWayDuringTheSuspension_ExcusesWhoKnowsOfIt(long revision, bool isKept) => AssertDenial(
        isKept, new HistoryBuilder().ChangedBetween(5, 30, ChangeKind.Reactivate, 3).Changed(10, ChangeKind.Suspend, 2).Served(20, revision));

    [Theory]
    [InlineData(nameof(ChangeKind.Rotate))]
    [InlineData(nameof(ChangeKind.Invalidate))]
    [InlineData(nameof(ChangeKind.Reactivate))]
    public void NoResurrection_ServedByAnOutdatedRevision_IsBroken(string kind) =>
        Assert.Equal([nameof(NoResurrection)], new HistoryBuilder().Changed(10, Enum.Parse<ChangeKind>(kind), 2).Served(12.1, revision: 1).Broken());

    [Fact]
    public void NoResurrection_WithinTheBound_IsKept() => Assert.Empty(new HistoryBuilder().Changed(10, ChangeKind.Rotate, 2).Served(11.9, revision: 1).Broken());

    [Fact]
    public void NoResurrection_InvalidatedOnceEventsWork_IsBoundByThatInvalidation() => Assert.Equal(
        [nameof(NoResurrection)],
        new HistoryBuilder().Faulty(1, 4, Reach.Delivery).Changed(3, ChangeKind.Rotate, 2).Faulty(4, 5, Reach.Source).Changed(10, ChangeKind.Invalidate, 2).Served(12.1, revision: 1).Broken());

    [Fact]
    public void MonotonicPod_ServedByALowerRevisionThanBefore_IsBroken() =>
        Assert.Equal([nameof(MonotonicPod)], new HistoryBuilder().Changed(10, ChangeKind.Rotate, 2).Served(10.1, revision: 2).Served(10.2, revision: 1).Broken());

    [Fact]
    public void MonotonicPod_RefusedByALowerRevisionThanServed_IsBroken() => Assert.Equal(
        [nameof(MonotonicPod)],
        new HistoryBuilder().Changed(9, ChangeKind.Suspend, 2).Changed(10, ChangeKind.Reactivate, 3).Served(10.1, revision: 3).Refused(10.2, revision: 2).Broken());

    [Fact]
    public void MonotonicPod_RequestsThatOverlap_AreNoOrder() => Assert.Empty(
        new HistoryBuilder().Changed(10, ChangeKind.Rotate, 2).Answered(10.1, 200, revision: 2, taken: 0.5).Answered(10.2, 200, revision: 1, taken: 1).Broken());

    [Fact]
    public void MonotonicPod_AnsweredLongAfterAHigherRevision_IsBrokenWhereProcessesDecideLate() => Assert.Single(Checker.Check(
        new HistoryBuilder().Changed(10, ChangeKind.Rotate, 2).Served(10.5, revision: 2).Answered(10.2, 200, revision: 1, taken: 2).Build(),
        new Bounds(),
        [new MonotonicPod(answering: TimeSpan.FromSeconds(1))]));

    [Fact]
    public void MonotonicPod_AnotherProcess_NeedNotKnow() => Assert.Empty(
        new HistoryBuilder().Changed(10, ChangeKind.Rotate, 2).Served(10.1, revision: 2, process: 100).Served(10.5, revision: 1, process: 101).Broken());

    [Fact]
    public void RevocationWins_ServedAfterRefusing_IsBroken() =>
        Assert.Equal([nameof(RevocationWins)], new HistoryBuilder().Changed(10, ChangeKind.Suspend, 2).Refused(10.1, revision: 2).Served(10.3, revision: 1).Broken());

    [Fact]
    public void RevocationWins_WithoutRevisions_IsBrokenToo() => Assert.Equal(
        [nameof(RevocationWins)], new HistoryBuilder().Changed(10, ChangeKind.Suspend, 2).Refused(10.1, revision: null).Served(10.3, revision: null).Broken());

    [Fact]
    public void RevocationWins_ServedOnceReactivated_IsKept() => Assert.Empty(new HistoryBuilder()
        .Changed(10, ChangeKind.Suspend, 2).Refused(10.1, revision: 2).Changed(10.2, ChangeKind.Reactivate, 3).Served(10.3, revision: 3).Served(10.4, revision: null).Broken());

    [Fact]
    public void CacheNeverFails_FailureWithTheSourceThere_IsBroken() => Assert.Equal([nameof(CacheNeverFails)], new HistoryBuilder().Served(1).Failed(10).Broken());

    [Theory]
    [InlineData(0)]
    [InlineData(404)]
    [InlineData(500)]
    public void CacheNeverFails_AnyKindOfFailure_IsBroken(int status) =>
        Assert.Equal([nameof(CacheNeverFails)], new HistoryBuilder().Faulty(9, 11, Reach.Delivery | Reach.SharedTier).Failed(10, status: status).Broken());

    [Fact]
    public void CacheNeverFails_RefusedLongAfterTheReactivation_IsBroken() => Assert.Equal(
        [nameof(CacheNeverFails)], new HistoryBuilder().Changed(1, ChangeKind.Suspend, 2).Changed(5, ChangeKind.Reactivate, 3).Refused(12.1, revision: 2).Broken());

    [Fact]
    public void CacheNeverFails_PodKilled_IsExcused() => Assert.Empty(new HistoryBuilder().Faulty(9, 11, Reach.Pod | Reach.Process, HistoryBuilder.Pod).Failed(10).Broken());

    [Fact]
    public void CacheNeverFails_ChangeUnderWay_IsExcused() => Assert.Empty(new HistoryBuilder().Changed(10, ChangeKind.Rotate, 2).Failed(10.5).Broken());

    [Fact]
    public void CacheNeverFails_SuspendedTenant_IsExcused() => Assert.Empty(new HistoryBuilder().Changed(10, ChangeKind.Suspend, 2).Failed(30).Broken());

    [Fact]
    public void OutageServes_FailureOfATenantThatL2Has_IsBroken() => Assert.Equal(
        [nameof(OutageServes)], new HistoryBuilder().Served(10).Faulty(20, 30, Reach.Source).Failed(25, HistoryBuilder.OtherPod).Broken());

    [Fact]
    public void OutageServes_TenantThatNobodyHadServed_IsExcused() => Assert.Empty(new HistoryBuilder().Faulty(20, 30, Reach.Source).Failed(25).Broken());

    [Fact]
    public void OutageServes_L2LostItMeanwhile_IsExcused() => Assert.Empty(
        new HistoryBuilder().Served(10).Faulty(15, 16, Reach.SharedTier).Faulty(20, 30, Reach.Source).Failed(25).Broken());

    [Fact]
    public void OutageServes_InvalidatedSince_IsExcused() => Assert.Empty(
        new HistoryBuilder().Served(10).Changed(15, ChangeKind.Invalidate, 1).Faulty(20, 30, Reach.Source).Failed(25).Broken());

    [Fact]
    public void Violation_TellsWhatHappened()
    {
        var history = new HistoryBuilder().Changed(10, ChangeKind.Suspend, 2).Served(11).Faulty(1, 2, Reach.SharedTier).Faulty(11.5, 12, Reach.SharedTier).Served(13).Build();

        var violation = Assert.Single(Checker.Check(history, new Bounds()));

        Assert.Contains("2.99 s after its suspension", violation.What, StringComparison.Ordinal);
        Assert.Equal(6, violation.Excerpt.Count);
        Assert.Contains("Begin", violation.Excerpt[0], StringComparison.Ordinal);
        Assert.Contains(">> ledger-1 (process 100) 200, revision 1", violation.Excerpt[^1], StringComparison.Ordinal);
    }

    private static void AssertDenial(bool isKept, HistoryBuilder history) => Assert.Equal(isKept ? [] : [nameof(BoundedDenial)], history.Broken());
}
