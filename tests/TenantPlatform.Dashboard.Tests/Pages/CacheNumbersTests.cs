using TenantPlatform.Dashboard.Tests.Browser;

namespace TenantPlatform.Dashboard.Tests.Pages;

/// <summary>What the cache page makes of the metrics.</summary>
[Collection(BrowserCollection.Name)]
public sealed class CacheNumbersTests(BrowserFixture browser)
{
    [Fact]
    public async Task Window_CountsWhatTheCountersGrewBy_AcrossPodsAndRestarts()
    {
        await using var window = await browser.OpenAsync("/cache");

        var numbers = await window.Page.EvaluateAsync<double[]>(
            """
            async () => {
                const { growth, share, hitRate, inSteps, recent } = await import("/js/cacheSeries.js");
                const series = (resource, tier, totals) => ({ resource, tags: { "cache.tier": tier }, totals, points: totals.slice(1).map(([time, value], i) => [time, Math.max(0, value - totals[i][1])]) });
                const answers = inSteps({
                    "cache.hits": { kind: "counter", series: [
                        series("a", "l1", [[0, 100], [1000, 104], [2000, 110]]),
                        series("b", "l1", [[500, 7], [1500, 9], [2500, 1]]), // counted anew: its pod was restarted
                        series("a", "l2", [[0, 0], [1000, 3]])] },
                    "cache.misses": { kind: "counter", series: [series("a", "l1", [[0, 0], [1000, 2]]), series("a", "l2", [[0, 0], [1000, 1]])] },
                }, 5000);
                const of = pod => one => one.resource === pod;
                return [growth(answers["cache.hits"], () => true), share(answers, 1), share(answers, 1, of("b")), share(answers, 2),
                    share(answers, 2, of("b")) ?? -1, hitRate(answers, 2).length, recent(hitRate(answers, 2))];
            }
            """);

        // Hits: 10 and 3 in L1, 3 in L2; misses: 2 in L1, 1 in L2.
        Assert.Equal([16, 86.667, 100, 75, -1, 1, 75], numbers.Select(number => Math.Round(number, 3)));
    }
}
