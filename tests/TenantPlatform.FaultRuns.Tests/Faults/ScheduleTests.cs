using TenantPlatform.FaultRuns.Faults;

namespace TenantPlatform.FaultRuns.Tests.Faults;

/// <summary>What a seed decides.</summary>
public sealed class ScheduleTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(30);
    private static readonly string[] Pods = ["ledger-1", "ledger-2", "ledger-3"];

    [Fact]
    public void Schedule_OfOneSeed_IsAlwaysTheSame() =>
        Assert.Equal(Schedule.Of(7, Length, Pods, FaultCatalog.All), Schedule.Of(7, Length, Pods, FaultCatalog.All));

    [Fact]
    public void Schedules_OfTwentySeeds_HoldEveryKind()
    {
        var kinds = Enumerable.Range(1, 20).SelectMany(seed => Schedule.Of(seed, Length, Pods, FaultCatalog.All)).Select(planned => planned.Fault.Name).Distinct();
        Assert.Equal(FaultCatalog.All.Select(fault => fault.Name).Order(), kinds.Order());
    }

    [Fact]
    public void Schedule_EndsBeforeTheRunDoes()
    {
        foreach (var planned in Enumerable.Range(1, 50).SelectMany(seed => Schedule.Of(seed, Length, Pods, FaultCatalog.All)))
            Assert.True(planned.Start + planned.Hold <= Length);
    }
}
