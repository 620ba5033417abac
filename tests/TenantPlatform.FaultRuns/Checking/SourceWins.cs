using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Checking;

/// <summary>
/// What somebody has written into L2 and the tenant-manager never said is served no longer than until the first revalidation
/// after it that can be answered, however high the revision that it claims.
/// </summary>
internal sealed class SourceWins : ICheck
{
    public string Invariant => nameof(SourceWins);

    public IEnumerable<Finding> Find(TenantHistory tenant, Timeline timeline, Bounds bounds)
    {
        foreach (var answer in tenant.Answers.Where(answer => answer is { IsServed: true, IsForged: true }))
        {
            // Whoever was asked before it was written may have read it all the same, before answering.
            var forged = timeline.Latest(Reach.Truth, answer.Received);

            // L2 must be there too: what cannot be replaced in it is read again.
            if (forged is null || answer.Sent > timeline.Revalidated(forged.Ended, answer.Pod, Reach.SharedTier))
                yield return new Finding(answer, $"{answer.Pod} served tenant {tenant.Tenant} by a revision that the tenant-manager never gave, {Show.Span(answer.Sent - (forged?.Ended ?? TimeSpan.Zero))} after it was written into L2");
        }
    }
}
