using TenantManager.Console.Manager;
using TenantManager.Contracts.Audit;

namespace TenantManager.Console.Pages.Tenants;

/// <summary>All that is known of one tenant, as of about one moment.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Associations">Its services.</param>
/// <param name="Bases">What each pod would answer it on.</param>
/// <param name="Timeline">What was changed, newest first.</param>
public sealed record TenantKnowledge(Tenant Tenant, IReadOnlyList<Association> Associations, PodBases Bases, IReadOnlyList<AuditLine> Timeline);
