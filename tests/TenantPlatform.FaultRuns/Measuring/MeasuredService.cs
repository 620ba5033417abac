using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Measuring;

/// <summary>A service whose pods are watched while tenants are suspended, and how that went.</summary>
internal sealed record MeasuredService(string Name, IReadOnlyList<ServicePod> Pods)
{
    public List<CutOff> CutOffs { get; } = [];

    /// <summary>When the last answers came that served.</summary>
    public IReadOnlyList<TimeSpan> Answered => [.. CutOffs.Select(static cutOff => cutOff.Answered)];
}
