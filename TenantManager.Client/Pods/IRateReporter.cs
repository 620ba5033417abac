using TenantManager.Contracts.Pods;

namespace TenantManager.Client.Pods;

/// <summary>Says how this service limits its tenants' requests. Where one is registered, its word is a part of what a pod says of itself (<see cref="PodReport.Rates"/>).</summary>
public interface IRateReporter
{
    /// <summary>The limits and what has been decided by them so far. Called at every heartbeat.</summary>
    RateReport Read();
}
