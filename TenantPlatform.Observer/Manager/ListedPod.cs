namespace TenantPlatform.Observer.Manager;

/// <summary>A pod as the tenant-manager lists it. Of its other fields nothing is read.</summary>
/// <param name="Instance">Its name.</param>
/// <param name="Address">Where it says that it can be reached.</param>
internal sealed record ListedPod(string? Instance, string? Address);
