using TenantManager.Contracts;
using TenantPlatform.Observer.Manager;

namespace TenantPlatform.Observer.Watching;

/// <summary>A tenant has changed at the tenant-manager.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Known">When the observer learned of it, as a timestamp of its own clock: it had been acknowledged before.</param>
/// <param name="Truth">What the tenant-manager answers since; null: it has to be asked.</param>
internal sealed record Change(TenantId Tenant, long Known, Truth? Truth = null);
