using System.Text.Json;
using TenantPlatform.FaultRuns.Soak;

namespace TenantPlatform.FaultRuns.Tests.Soak;

/// <summary>Hit rates from what pods say of themselves.</summary>
public sealed class TierCountsTests
{
    [Fact]
    public void SecondLook_TellsWhatHasBeenCountedSinceTheFirst()
    {
        var counts = new TierCounts();

        Assert.Equal((null, null), counts.Since(Pods(Pod("a", hits: 1000, misses: 0))));
        Assert.Equal((0.75, null), counts.Since(Pods(Pod("a", hits: 1003, misses: 1))));
    }

    [Fact]
    public void PodThatStartedAnew_CountsFromItsSecondWord()
    {
        var counts = new TierCounts();
        counts.Since(Pods(Pod("a", hits: 1000, misses: 0), Pod("b", hits: 10, misses: 10)));

        var (l1, _) = counts.Since(Pods(Pod("a", hits: 1, misses: 1, since: "later"), Pod("b", hits: 11, misses: 11)));

        Assert.Equal(0.5, l1);
    }

    private static JsonElement Pods(params string[] pods) => JsonDocument.Parse($$"""{"pods":[{{string.Join(',', pods)}}]}""").RootElement;

    private static string Pod(string name, int hits, int misses, string since = "then") =>
        $$"""{"service":"ledger","instance":"{{name}}","since":"{{since}}","tiers":[{"tier":"l1","hits":{{hits}},"staleHits":0,"misses":{{misses}}},{"tier":"l2","hits":0,"staleHits":0,"misses":0}]}""";
}
