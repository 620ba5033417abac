namespace TenantPlatform.FaultRuns.Faults;

/// <summary>A fault at a time.</summary>
/// <param name="Fault">Its kind.</param>
/// <param name="Pod">The pod, if it is a fault of one.</param>
/// <param name="Start">When, from the run's beginning.</param>
/// <param name="Hold">For how long.</param>
/// <param name="DropsEvents">Whether the tenant-manager's events are dropped as well.</param>
internal sealed record PlannedFault(Fault Fault, string Pod, TimeSpan Start, TimeSpan Hold, bool DropsEvents);
