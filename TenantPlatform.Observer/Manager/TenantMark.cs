namespace TenantPlatform.Observer.Manager;

/// <summary>How far a tenant's history has come.</summary>
/// <param name="Id">The tenant's canonical id.</param>
/// <param name="Revision">Grows with every change of the tenant or of one of its associations.</param>
/// <param name="UpdatedAt">When it last changed, by the tenant-manager's clock.</param>
internal sealed record TenantMark(string Id, long Revision, DateTimeOffset UpdatedAt);
