namespace TenantPlatform.Observer.Manager;

/// <summary>How far a tenant's history has come.</summary>
/// <param name="Id">The tenant's canonical id.</param>
/// <param name="Revision">Grows with every change of the tenant or of one of its associations.</param>
internal sealed record TenantMark(string Id, long Revision);
