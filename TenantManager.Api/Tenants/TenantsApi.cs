using System.Text.Json;
using TenantManager.Api.Associations;
using TenantManager.Api.Errors;
using TenantManager.Api.Paging;
using TenantManager.Api.Security;
using TenantManager.Contracts;
using TenantPlatform.ServiceDefaults.Http;

namespace TenantManager.Api.Tenants;

/// <summary><c>/v1/tenants</c>.</summary>
internal static class TenantsApi
{
    public static void MapTenants(this WebApplication app)
    {
        var tenants = app.MapGroup("/v1/tenants").WithTags("Tenants");
        tenants.MapGet("/", ListAsync).WithSummary("Lists tenants, by id.");
        tenants.MapGet("/active", ListActiveAsync).WithSummary("Lists the tenants that are active for a service.");
        tenants.MapGet("/{tenant}", GetAsync).WithSummary("Shows a tenant.");

        var changes = tenants.MapGroup(string.Empty).RequireAdministrator();
        changes.MapPost("/", CreateAsync).Accepts<CreateTenantRequest>("application/json").WithSummary("Creates a tenant.");
        changes.MapPut("/{tenant}/suspend", SuspendAsync).WithSummary("Suspends a tenant for every service.");
        changes.MapPut("/{tenant}/reactivate", ReactivateAsync).WithSummary("Serves a suspended tenant again.");
    }

    /// <summary>Reads a tenant id from a path.</summary>
    /// <exception cref="ApiException">It is none.</exception>
    public static TenantId Id(string text) => TenantId.TryParse(text, out var id) ? id : throw ApiErrors.InvalidTenant();

    private static async Task<IResult> ListAsync(TenantStore store, CancellationToken cancellationToken, string? limit = null, string? cursor = null)
    {
        var most = PageLimit.Read(limit);
        var rows = await store.ListAsync(most, cursor is null ? null : Id(cursor).Value, cancellationToken);
        return Results.Ok(new { items = rows.Select(Show), limit = most, nextCursor = rows.Count == most ? rows[^1].Id : null });
    }

    private static async Task<IResult> ListActiveAsync(TenantStore store, CancellationToken cancellationToken, string? service = null)
    {
        ServiceName.Check(service);
        var rows = await store.ListActiveAsync(service!, cancellationToken);
        return Results.Ok(rows.Select(row => new { row.Id, row.Name, row.Status }));
    }

    private static async Task<IResult> GetAsync(string tenant, TenantStore store, CancellationToken cancellationToken) =>
        Results.Ok(Show(await store.FindAsync(Id(tenant), cancellationToken) ?? throw ApiErrors.TenantNotFound()));

    private static async Task<IResult> CreateAsync(HttpRequest request, TenantLifecycle lifecycle, CancellationToken cancellationToken)
    {
        var created = await lifecycle.CreateAsync(await JsonBody.ReadAsync<CreateTenantRequest>(request), cancellationToken);
        return Results.Created($"/v1/tenants/{created.Id}", new { created.Id, created.Slug, created.Status });
    }

    private static async Task<IResult> SuspendAsync(string tenant, TenantLifecycle lifecycle, CancellationToken cancellationToken) =>
        Results.Ok(Short(await lifecycle.SuspendAsync(Id(tenant), cancellationToken)));

    private static async Task<IResult> ReactivateAsync(string tenant, TenantLifecycle lifecycle, CancellationToken cancellationToken) =>
        Results.Ok(Short(await lifecycle.ReactivateAsync(Id(tenant), cancellationToken)));

    private static object Short(TenantRow row) => new { row.Id, row.Slug, row.Status };

    private static object Show(TenantRow row) => new
    {
        row.Id,
        row.Slug,
        row.Name,
        row.Environment,
        row.Isolation,
        row.Status,
        row.Revision,
        metadata = JsonSerializer.Deserialize<JsonElement>(row.Metadata),
        owner = new { email = row.OwnerEmail, emailVerified = row.OwnerEmailVerified },
        row.CreatedAt,
        row.UpdatedAt,
    };
}
