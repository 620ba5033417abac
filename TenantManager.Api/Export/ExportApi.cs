using TenantManager.Api.Associations;
using TenantManager.Api.Audit;
using TenantManager.Api.Errors;
using TenantManager.Api.Security;
using TenantManager.Api.Storage;
using TenantManager.Api.Tenants;
using TenantManager.Contracts;

namespace TenantManager.Api.Export;

/// <summary>
/// What a tenant leaves with: <c>/v1/tenants/{tenant}/export</c> and <c>…/associations/{service}/export</c>. While it is not served, so
/// that nothing is written after it was exported; for administrators, since it is all that there is of it.
/// </summary>
internal static class ExportApi
{
    private const string Lines = "application/x-ndjson";

    public static void MapExport(this WebApplication app)
    {
        var exports = app.MapGroup("/v1/tenants/{tenant}").WithTags("Export").RequireAdministrator();
        exports.MapGet("/export", ExportTenantAsync).WithName("exportTenant").Produces<ExportedTenant>()
            .WithSummary("Exports what the tenant-manager holds of a tenant that is suspended, being deleted or purged; no secrets.");
        exports.MapGet("/associations/{service}/export", ExportDataAsync).WithName("exportData").Produces<string>(contentType: Lines)
            .WithSummary("Exports the rows of a service's tables as newline-delimited JSON, while the tenant or the association is not served.");
    }

    private static async Task<IResult> ExportTenantAsync(
        string tenant, HttpContext context, TenantStore tenants, StateDatabase database, TenantExport export, AuditTrail audit, CancellationToken cancellationToken)
    {
        var id = TenantsApi.Id(tenant);
        var row = await tenants.FindAsync(id, cancellationToken) ?? throw ApiErrors.TenantNotFound();
        if (row.Status == TenantStatus.Active)
            throw ApiErrors.WrongState("tenant", row.Status, "exported: suspend or delete it first");
        await NoteAsync(database, audit, Entry(AuditActions.TenantExported, row), cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Stream(output => export.WriteAsync(id, output, context.RequestAborted), "application/json", $"{row.Slug}.json");
    }

    private static async Task<IResult> ExportDataAsync(
        string tenant,
        string service,
        HttpContext context,
        TenantStore tenants,
        AssociationStore associations,
        StateDatabase database,
        DataExport export,
        AuditTrail audit,
        CancellationToken cancellationToken)
    {
        var (id, name) = (TenantsApi.Id(tenant), ServiceName.Check(service));
        var owner = await tenants.FindAsync(id, cancellationToken) ?? throw ApiErrors.TenantNotFound();
        var association = await associations.FindAsync(id, name, cancellationToken);
        if (association is null or { Status: AssociationStatus.Provisioning })
            throw ApiErrors.AssociationNotFound();
        var status = ServedStatus.WhyNot(owner.Status, association.Status);
        if (status is null or TenantStatus.Purged)
            throw ApiErrors.WrongState("association", status ?? TenantStatus.Active, status is null ? "exported: suspend it first" : "exported: its data is gone");
        await NoteAsync(database, audit, Entry(AuditActions.AssociationExported, owner) with { Service = name }, cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Stream(output => export.WriteAsync(association, output, context.RequestAborted), Lines, $"{owner.Slug}-{name}.ndjson");
    }

    /// <summary>Before a byte leaves.</summary>
    private static Task NoteAsync(StateDatabase database, AuditTrail audit, AuditEntry entry, CancellationToken cancellationToken) => database.ChangeAsync(
        async connection =>
        {
            await audit.AddAsync(connection, entry);
            return true;
        },
        cancellationToken);

    private static AuditEntry Entry(string action, TenantRow row) =>
        new(action) { TenantId = row.Id, StatusBefore = row.Status, StatusAfter = row.Status, RevisionBefore = row.Revision, RevisionAfter = row.Revision };
}
