using TenantPlatform.FaultRuns.Soak;

namespace TenantPlatform.FaultRuns.Tests.Soak;

/// <summary>What is read from the samples of a soak.</summary>
public sealed class MeasuresTests
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    [Fact]
    public void ProcessThatWasReplaced_IsJudgedByItsLongestLife()
    {
        Sample[] samples = [.. Enumerable.Range(0, 10).Select(n => At(n, Process("ledger-3", n < 3 ? 1 : 2, n)))];

        var memory = Measures.Of(samples).Single(measure => measure is { Of: "ledger-3", Name: "memory" });

        Assert.Equal(Enumerable.Range(3, 7).Select(n => (n * Every, (double)n)), memory.Points);
        Assert.Equal(2, Measures.Lives(samples, "ledger-3"));
    }

    /// <summary>In two hours of soak a pod's longest of ten lives took 31 minutes: it "grew" as its neighbours had while they filled.</summary>
    [Fact]
    public void ProcessThatNeverLivedForHalfOfTheTime_IsNotJudged_AndNamed()
    {
        Sample[] samples = [.. Enumerable.Range(0, 100).Select(n => At(n, Process("ledger-1", 1, n), Process("ledger-3", 2 + (n / 40), n)))];

        Assert.DoesNotContain(Measures.Of(samples), static measure => measure.Of == "ledger-3");
        Assert.Contains(Measures.Of(samples), static measure => measure is { Of: "ledger-1", Name: "handles" } && Growth.Of(measure)!.IsGrowth);
        Assert.Equal([("ledger-3", 39 * Every)], Measures.Brief(samples));
    }

    [Fact]
    public void WhatWasNotTold_IsLeftOut_AndNotTakenForNothing()
    {
        Sample[] samples = [At(0) with { ValkeyMemory = 5 }, At(1), At(2) with { ValkeyMemory = 7 }];

        var memory = Measures.Of(samples).Single(measure => measure is { Of: "valkey", Name: "memory" });

        Assert.Equal([(TimeSpan.Zero, 5d), (2 * Every, 7d)], memory.Points);
    }

    [Fact]
    public void HitRateThatFalls_IsMissesThatGrow()
    {
        Sample[] samples = [.. Enumerable.Range(0, 40).Select(n => At(n) with { L1HitRate = n < 25 ? 0.9 : 0.8 })];

        Assert.True(Growth.Of(Measures.Of(samples).Single(measure => measure.Name == "misses of L1"))!.IsGrowth);
    }

    private static ProcessSample Process(string resource, int process, int figure) => new(resource, process, Private: figure, Heap: null, Handles: figure, Sockets: 0, Threads: 1, Queue: 0);

    private static Sample At(int n, params ProcessSample[] processes) => new(n * Every, processes, null, null, null, null, null, null, 0);
}
