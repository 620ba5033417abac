using System.Globalization;
using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Checking;

/// <summary>How a history is written for people.</summary>
internal static class Show
{
    public static string Span(TimeSpan span) => span.TotalSeconds >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.00} s")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0.0} ms");

    public static string Status(Answer answer) => answer.Status == 0 ? "nothing" : answer.Status.ToString(CultureInfo.InvariantCulture);

    public static string Answer(Answer answer, bool isMarked) =>
        $"{At(answer.Sent)}–{At(answer.Received)} {(isMarked ? ">>" : "  ")} {answer.Pod} (process {answer.Process}) {Status(answer)}, revision {answer.Revision?.ToString(CultureInfo.InvariantCulture) ?? "?"}{(answer.Source is null ? string.Empty : $" from {answer.Source}")}{(answer.Detail is null ? string.Empty : $": {answer.Detail}")}";

    public static string Change(Change change) =>
        $"{At(change.Sent)}–{At(change.Acknowledged)}    {change.Kind} of tenant {change.Tenant}: revision {change.Revision}{(change.IsAnnounced ? string.Empty : " (read from its state)")}";

    public static string Fault(FaultPeriod fault) => $"{At(fault.Began)}–{At(fault.Ended)}    fault: {fault.Kind}{(fault.Pod is null ? string.Empty : $" on {fault.Pod}")}";

    private static string At(TimeSpan at) => at.TotalSeconds.ToString("000.000", CultureInfo.InvariantCulture);
}
