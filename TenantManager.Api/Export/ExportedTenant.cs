using TenantManager.Api.Tenants;
using TenantManager.Contracts.Audit;

namespace TenantManager.Api.Export;

/// <summary>The shape of a tenant's export, for its description: it is written piece by piece.</summary>
internal sealed record ExportedTenant(
    DateTimeOffset ExportedAt,
    TenantView Tenant,
    IReadOnlyList<ExportedAssociation> Associations,
    System.Text.Json.Nodes.JsonObject Settings,
    IReadOnlyList<AuditLine> Audit);
