using TenantPlatform.FaultRuns.Soak;

namespace TenantPlatform.FaultRuns.Tests.Soak;

/// <summary>What counts as growth in a soak.</summary>
public sealed class GrowthTests
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    [Fact]
    public void Flat_DoesNotGrow() => Assert.False(Of(480, n => 200)!.IsGrowth);

    [Fact]
    public void Steady_Grows_HoweverSlowly_OnceItIsMoreThanMayBe()
    {
        // 300 bytes for each of a million tenants, beside 200 MB.
        var leak = Of(480, n => 200 + (n * 300d / 480))!;

        Assert.True(leak.IsGrowth);
        Assert.True(leak.After > leak.Before);
    }

    [Fact]
    public void Settling_DoesNotCount() => Assert.False(Of(480, n => n < 120 ? n : 120)!.IsGrowth);

    [Fact]
    public void Sawtooth_DoesNotGrow() => Assert.False(Of(480, n => 200 + (n % 40))!.IsGrowth);

    [Fact]
    public void Spikes_DoNotCount() => Assert.False(Of(480, n => n > 300 && n % 5 == 0 ? 900 : 200)!.IsGrowth);

    [Fact]
    public void StepInTheLatterHalf_Grows() => Assert.True(Of(480, n => n < 310 ? 200 : 260)!.IsGrowth);

    [Fact]
    public void FewPoints_SayNothing() => Assert.Null(Of(Growth.Fewest - 1, n => n * 1000));

    private static Growth? Of(int points, Func<int, double> value) => Growth.Of(new Measure(
        "ledger-1", "memory", [.. Enumerable.Range(0, points).Select(n => (n * Every, value(n)))], Scale: 1, "MB", Share: 0.1, Slack: 16));
}
