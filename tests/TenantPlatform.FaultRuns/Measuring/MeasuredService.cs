using TenantPlatform.FaultRuns.Workload;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Measuring;

/// <summary>A service whose pods are watched while tenants are suspended, and how that went.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Pods">Its pods.</param>
/// <param name="Path">What is asked for on a tenant's behalf; null: the smallest request.</param>
internal sealed record MeasuredService(string Name, IReadOnlyList<ServicePod> Pods, Func<TenantAccount, string>? Path = null)
{
    /// <summary>The last answers that served, of each suspension and pod, which came from a cache on the way.</summary>
    public int Cached { get; set; }

    public List<CutOff> CutOffs { get; } = [];

    /// <summary>When the last answers came that served.</summary>
    public IReadOnlyList<TimeSpan> Answered => [.. CutOffs.Select(static cutOff => cutOff.Answered)];

    /// <summary>From here on it counts.</summary>
    public void Begin()
    {
        CutOffs.Clear();
        Cached = 0;
    }
}
