using TenantPlatform.Drills.Evidence;

namespace TenantPlatform.Drills.Tests.Evidence;

/// <summary>How evidence reads.</summary>
public sealed class DrillEvidenceTests
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(5.04);

    [Fact]
    public void Evidence_HasARowForEachPod_ASummary_AndTheReasonsOfFailures()
    {
        var evidence = DrillEvidence.Of(
            [
                Tally("ledger-1", 200),
                Tally("ledger-2", 40, new() { ["503"] = 2, ["refused"] = 1 }, stale: 4, cutOff: TimeSpan.FromMilliseconds(640)),
                Tally("ledger-3", 3, new() { ["no answer in 2 s"] = 2 }, cutOff: TimeSpan.FromSeconds(4.2), isCutOff: true),
            ],
            Span);

        Assert.Equal("243 requests to 3 pods in 5.0 s: 5 failed, 4 stale, longest cut-off 4.2 s, still.", evidence.Summary);
        Assert.Equal(
            """
            | Pod | Requests | Failed | Stale | Longest cut-off | Slowest answer |
            |---|--:|--:|--:|--:|--:|
            | ledger-1 | 200 | 0 | 0 | none | 12 ms |
            | ledger-2 | 40 | 3 | 4 | 640 ms | 12 ms |
            | ledger-3 | 3 | 2 | 0 | 4.2 s, still | 12 ms |

            243 requests to 3 pods in 5.0 s: 5 failed, 4 stale, longest cut-off 4.2 s, still.

            - ledger-2 failed: 2 × 503, 1 × refused
            - ledger-3 failed: 2 × no answer in 2 s
            """,
            evidence.Markdown.Trim(),
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void NoPod_SaysSo() => Assert.Equal("Nothing was watched: no pod runs.", DrillEvidence.Of([], Span).Summary);

    [Fact]
    public void Missing_SaysWhy() => Assert.Equal("Nothing was watched: the tenant-manager is away.", DrillEvidence.Missing("the tenant-manager is away").Markdown);

    private static PodTally Tally(
        string pod, int requests, Dictionary<string, int>? failures = null, int stale = 0, TimeSpan cutOff = default, bool isCutOff = false) =>
        new(pod, requests, failures ?? [], stale, cutOff, isCutOff, TimeSpan.FromMilliseconds(12));
}
