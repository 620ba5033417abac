using System.Globalization;
using TenantManager.Client.Revalidation;
using TenantManager.Contracts;
using TenantPlatform.TestKit;
using Xunit.Abstractions;

namespace TenantManager.Client.Tests.Revalidation;

/// <summary>When pods ask the tenant-manager about their tenants: each in time, and not all together.</summary>
public sealed class RevalidationScheduleTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(7.3)]
    public void EveryTenant_IsDueOnceAnInterval_AtTheSameDistance_HoweverOftenItIsLooked(double looks)
    {
        var schedule = new RevalidationSchedule(Interval);
        var tenants = Tenants(100);
        var dues = new Dictionary<TenantId, List<double>>();
        for (var begin = 0.0; begin < 5; begin += 1 / looks)
        {
            foreach (var (tenant, due) in schedule.Between(tenants, begin, begin + (1 / looks)))
                (dues.TryGetValue(tenant, out var all) ? all : dues[tenant] = []).Add((begin * Interval.TotalSeconds) + due.TotalSeconds);
        }

        Assert.Equal(tenants.Count, dues.Count);
        foreach (var all in dues.Values)
        {
            Assert.True(all.Count >= 5, $"Due {all.Count} times in 5 intervals.");
            Assert.All(all.Zip(all.Skip(1)), pair => Assert.Equal(Interval.TotalSeconds, pair.Second - pair.First, 3));
        }
    }

    [Fact]
    public void AfterAStandstill_EveryTenantIsDueOnce_OverAnInterval()
    {
        var dues = new RevalidationSchedule(Interval).Between(Tenants(1000), 3.2, 100);

        Assert.Equal(1000, dues.Select(turn => turn.Tenant).Distinct().Count());
        Assert.Equal(1000, dues.Count);
        Assert.InRange(dues[^1].Due, Interval * 0.9, Interval);
    }

    [Fact]
    public void AfterALoss_TheMostRecentlyUsedComeFirst_AndFewTenantsAtOnce()
    {
        var schedule = new RevalidationSchedule(Interval);
        var few = Tenants(3);

        var dues = schedule.AfterLoss(few);

        Assert.Equal(few, dues.Select(turn => turn.Tenant));
        Assert.InRange(dues[^1].Due, TimeSpan.Zero, TimeSpan.FromMilliseconds(200));
        Assert.Empty(schedule.AfterLoss([]));
        Assert.Equal(dues.OrderBy(turn => turn.Due), dues);
    }

    /// <summary>500 pods with 2 000 tenants each, all told at the same moment that Valkey is back: what the tenant-manager is asked, second by second.</summary>
    [Fact]
    public void AfterALoss_PodsTogetherAskNotMuchMoreThanOnAnyOtherDay()
    {
        const int Pods = 500;
        var tenants = Tenants(2000);
        var afterLoss = new int[60];
        var usual = new int[60];
        for (var pod = 0; pod < Pods; pod++)
        {
            var schedule = new RevalidationSchedule(Interval);
            foreach (var (_, due) in schedule.AfterLoss(tenants))
                afterLoss[(int)due.TotalSeconds]++;
            foreach (var (_, due) in schedule.Between(tenants, 0, 1))
                usual[Math.Min((int)due.TotalSeconds, 29)]++;
        }

        output.WriteLine("second  requests/s after Valkey's return  requests/s on any other day");
        for (var second = 0; second < 30; second++)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{second,6}  {afterLoss[second],36:N0}  {usual[second],30:N0}"));

        // Before, all of them came within the first fifth of a second.
        Assert.Equal(Pods * tenants.Count, afterLoss.Sum());
        Assert.Equal(Pods * tenants.Count, usual.Sum());
        Assert.InRange(usual.Max(), 0, 1.2 * Pods * tenants.Count / Interval.TotalSeconds);
        Assert.InRange(afterLoss.Max(), 0, 2.2 * Pods * tenants.Count / Interval.TotalSeconds);
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void CatchUp_EveryTenantIsDue_BeforeAnIntervalHasGoneSinceEverythingWasKnown(double ago)
    {
        var schedule = new RevalidationSchedule(Interval);
        var tenants = Tenants(1000);
        const double Now = 7.3;
        var left = Interval * (1 - ago);

        var early = schedule.CatchUp(tenants, Now, Now - ago);
        var own = schedule.Between(tenants, Now, Now + 1).Where(turn => turn.Due <= left).Select(turn => turn.Tenant);

        Assert.All(early, turn => Assert.InRange(turn.Due, TimeSpan.Zero, left));
        Assert.Equal(early.OrderBy(turn => turn.Due), early);

        // Who comes in time anyway is asked about once.
        Assert.Equal(tenants.Select(tenant => tenant.Value).Order(), early.Select(turn => turn.Tenant).Concat(own).Select(tenant => tenant.Value).Order());
    }

    [Fact]
    public void CatchUp_WhenTheIntervalHasGone_IsAsAfterALoss()
    {
        var early = new RevalidationSchedule(Interval).CatchUp(Tenants(100), 5, 3.5);
        Assert.Equal(100, early.Count);
        Assert.InRange(early[^1].Due, TimeSpan.Zero, Interval / 2);
    }

    [Fact]
    public async Task Turns_BeginWhenTheyAreDue_AndWaitForNoOther()
    {
        var time = new FakeTimeProvider();
        var tenants = Tenants(3);
        var begun = new List<(TenantId, TimeSpan)>();
        var began = time.GetTimestamp();
        var gate = new TaskCompletionSource();
        var running = PacedTurns.RunAsync(
            [(tenants[0], TimeSpan.Zero), (tenants[1], TimeSpan.FromSeconds(1)), (tenants[2], TimeSpan.FromSeconds(3))],
            (tenant, _) =>
            {
                begun.Add((tenant, time.GetElapsedTime(began)));
                return gate.Task;
            },
            time,
            CancellationToken.None);

        for (var second = 1; second <= 3; second++)
        {
            await time.WaitForTimersAsync();
            time.Advance(TimeSpan.FromSeconds(1));
            await Eventually.HoldsAsync("what is due has begun", () => begun.Count == Math.Min(second + 1, second < 3 ? 2 : 3));
        }

        Assert.Equal([(tenants[0], TimeSpan.Zero), (tenants[1], TimeSpan.FromSeconds(1)), (tenants[2], TimeSpan.FromSeconds(3))], begun);
        Assert.False(running.IsCompleted);
        gate.SetResult();
        await running.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private static List<TenantId> Tenants(int count) =>
        [.. Enumerable.Range(0, count).Select(n => TenantId.Parse(string.Create(CultureInfo.InvariantCulture, $"tenant-{n}")))];
}
