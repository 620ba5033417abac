using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Checking;

/// <summary>When what was broken for whom, and until when a pod may therefore not know of a change.</summary>
internal sealed class Timeline(IReadOnlyList<FaultPeriod> faults, Bounds bounds)
{
    private readonly FaultPeriod[] _faults = [.. faults.OrderBy(fault => fault.Began)];

    /// <summary>The fault that takes something away from the pod within a span of time, the time it takes to settle included; null: none.</summary>
    public FaultPeriod? Disturbing(Reach what, string pod, TimeSpan from, TimeSpan to) =>
        Array.Find(_faults, fault => fault.Takes(what, pod) && fault.Began <= to && fault.Ended + bounds.Settling >= from);

    /// <summary>From when on the pod must know of the change: by its event, or else by the first revalidation that could be answered.</summary>
    public TimeSpan Deadline(Change change, string pod)
    {
        var delivered = change.Acknowledged + bounds.Delivery;
        var mayHaveMissed = !change.IsAnnounced || Disturbing(Reach.Delivery | Reach.Pod | Reach.Process, pod, change.Sent, delivered) is not null;
        if (!mayHaveMissed)
            return delivered;

        return Revalidated(change.Acknowledged, pod);
    }

    /// <summary>The latest fault that took this away from anybody and had begun by then; null: none.</summary>
    public FaultPeriod? Latest(Reach what, TimeSpan by) => Array.FindLast(_faults, fault => (fault.Reach & what) != Reach.None && fault.Began <= by);

    /// <summary>
    /// By when the pod has revalidated its tenants, whatever happened since. A process that starts in between counts from its own
    /// first revalidation; so does one that could not ask, or could not do what else is needed.
    /// </summary>
    public TimeSpan Revalidated(TimeSpan from, string pod, Reach needed = Reach.None)
    {
        foreach (var fault in _faults)
        {
            var settled = fault.Ended + bounds.Settling;
            if (fault.Takes(Reach.Source | Reach.Pod | Reach.Process | needed, pod) && fault.Began <= from + bounds.Revalidation && settled > from)
                from = settled;
        }

        return from + bounds.Revalidation;
    }
}
