namespace TenantPlatform.Observer.Manager;

/// <summary>The tenant-manager's list of pods.</summary>
internal sealed record PodPage(IReadOnlyList<ListedPod>? Pods);
