using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Checking;

/// <summary>A process that has answered by one revision answers no later request by a lower one. What the tenant-manager never gave binds nobody.</summary>
internal sealed class MonotonicPod : ICheck
{
    public string Invariant => nameof(MonotonicPod);

    public IEnumerable<Finding> Find(TenantHistory tenant, Timeline timeline, Bounds bounds) => tenant.Answers
        .Where(answer => answer is { Revision: not null, Process: not 0, IsForged: false } && (answer.IsServed || answer.IsDenied))
        .GroupBy(answer => answer.Process)
        .SelectMany(Process);

    private static IEnumerable<Finding> Process(IEnumerable<Answer> answers)
    {
        // Only what was there before a request left can bind its answer.
        var known = answers.OrderBy(answer => answer.Received).ToArray();
        Answer? highest = null;
        var next = 0;
        foreach (var answer in known.OrderBy(answer => answer.Sent))
        {
            for (; next < known.Length && known[next].Received < answer.Sent; next++)
            {
                if (highest is null || known[next].Revision > highest.Revision)
                    highest = known[next];
            }

            if (highest is not null && answer.Revision < highest.Revision)
                yield return new Finding(answer, $"{answer.Pod} (process {answer.Process}) answered by revision {answer.Revision} after {highest.Revision}", highest);
        }
    }
}
