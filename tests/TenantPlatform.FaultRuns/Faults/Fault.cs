using TenantPlatform.FaultRuns.History;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Faults;

/// <summary>A kind of fault: what it takes away, how it is made and how it is taken away again.</summary>
/// <param name="Name">As the report shows it.</param>
/// <param name="Reach">What it takes away while it lasts.</param>
/// <param name="Begin">Makes it, on a pod if it is one of a pod.</param>
/// <param name="End">Takes it away; returns when what it concerned is healthy.</param>
internal sealed record Fault(
    string Name, Reach Reach, Func<RunningPlatform, string, CancellationToken, Task> Begin, Func<RunningPlatform, string, CancellationToken, Task> End)
{
    /// <summary>Whether it concerns one pod only.</summary>
    public bool IsOfAPod => Name.StartsWith("pod-", StringComparison.Ordinal);
}
