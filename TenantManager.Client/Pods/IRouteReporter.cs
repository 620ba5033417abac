using TenantManager.Contracts.Pods;

namespace TenantManager.Client.Pods;

/// <summary>Says what this pod's HTTP cache does, route by route. Where one is registered, its word is a part of what a pod says of itself (<see cref="PodReport.Routes"/>).</summary>
public interface IRouteReporter
{
    /// <summary>The figures so far. Called at every heartbeat.</summary>
    IReadOnlyList<RouteReport> Read();
}
