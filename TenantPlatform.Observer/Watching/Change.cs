using TenantManager.Contracts;

namespace TenantPlatform.Observer.Watching;

/// <summary>A tenant has changed at the tenant-manager.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="At">When, by the tenant-manager's clock.</param>
internal sealed record Change(TenantId Tenant, DateTimeOffset At);
