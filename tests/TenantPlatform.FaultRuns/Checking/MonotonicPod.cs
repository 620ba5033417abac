using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Checking;

/// <summary>A process that has answered by one revision answers no later request by a lower one. What the tenant-manager never gave binds nobody.</summary>
/// <param name="answering">
/// How long before an answer is received the process decided on it, at most: what it has answered before that binds it too. Null:
/// only what it has answered before the request was sent.
/// </param>
internal sealed class MonotonicPod(TimeSpan? answering = null) : ICheck
{
    public string Invariant => nameof(MonotonicPod);

    public IEnumerable<Finding> Find(TenantHistory tenant, Timeline timeline, Bounds bounds) => tenant.Answers
        .Where(answer => answer is { Revision: not null, Process: not 0, IsForged: false } && (answer.IsServed || answer.IsDenied))
        .GroupBy(answer => answer.Process)
        .SelectMany(Process);

    private IEnumerable<Finding> Process(IEnumerable<Answer> answers)
    {
        // Only what was there before an answer was decided on can bind it.
        var known = answers.OrderBy(answer => answer.Received).ToArray();
        Answer? highest = null;
        var next = 0;
        foreach (var answer in known.OrderBy(Decided))
        {
            for (; next < known.Length && known[next].Received < Decided(answer); next++)
            {
                if (highest is null || known[next].Revision > highest.Revision)
                    highest = known[next];
            }

            if (highest is not null && answer.Revision < highest.Revision)
                yield return new Finding(answer, $"{answer.Pod} (process {answer.Process}) answered by revision {answer.Revision} after {highest.Revision}", highest);
        }
    }

    private TimeSpan Decided(Answer answer) => answering is { } span && answer.Received - span > answer.Sent ? answer.Received - span : answer.Sent;
}
