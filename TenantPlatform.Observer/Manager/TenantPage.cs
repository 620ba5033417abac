namespace TenantPlatform.Observer.Manager;

/// <summary>One page of the tenant-manager's list. Of its other fields nothing is read.</summary>
internal sealed record TenantPage(IReadOnlyList<TenantMark> Items, string? NextCursor);
