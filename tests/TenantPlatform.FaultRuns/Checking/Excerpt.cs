using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Checking;

/// <summary>The least of a history that shows what is wrong with an answer.</summary>
internal static class Excerpt
{
    private const int ChangesBefore = 3;
    private const int AnswersBefore = 2;

    public static IReadOnlyList<string> Of(Finding finding, TenantHistory tenant, IReadOnlyList<FaultPeriod> faults, Bounds bounds)
    {
        var answer = finding.Answer;
        var changes = tenant.Changes.Where(change => change.Sent <= answer.Received).TakeLast(ChangesBefore).ToList();
        var from = changes.Count > 0 ? changes[0].Sent : TimeSpan.Zero;
        var before = tenant.Answers.Where(other => other.Pod == answer.Pod && other.Received < answer.Sent).TakeLast(AnswersBefore);
        if (finding.Against is { } against)
            before = before.Append(against).Distinct();
        return [.. changes.Select(change => (At: change.Sent, Line: Show.Change(change)))
            .Concat(before.Append(answer).Select(other => (At: other.Sent, Line: Show.Answer(other, isMarked: ReferenceEquals(other, answer)))))
            .Concat(faults.Where(fault => fault.Began <= answer.Received && fault.Ended + bounds.Settling >= from).Select(fault => (At: fault.Began, Line: Show.Fault(fault))))
            .OrderBy(line => line.At)
            .Select(line => line.Line)];
    }
}
