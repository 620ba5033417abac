namespace TenantPlatform.Observer.Manager;

/// <summary>What the tenant-manager itself answers for a tenant.</summary>
/// <param name="Outcome">As in <see cref="TenantManager.Contracts.Diagnostics.TenantBasis.Outcome"/>.</param>
/// <param name="Revision">Its revision; null when it has none.</param>
internal readonly record struct Truth(string Outcome, long? Revision);
