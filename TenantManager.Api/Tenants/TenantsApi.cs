using Microsoft.AspNetCore.Http.HttpResults;
using TenantManager.Api.Associations;
using TenantManager.Api.Audit;
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
        tenants.MapGet("/", ListAsync).WithName("listTenants")
            .WithSummary("Lists tenants, by id. Beside the filters that are listed, 'metadata.KEY=VALUE' names tenants whose metadata have that text; all of them must hold.");
        tenants.MapGet("/active", ListActiveAsync).WithName("listActiveTenants").WithSummary("Lists the tenants that are active for a service.");
        tenants.MapGet("/{tenant}", GetAsync).WithName("getTenant").WithSummary("Shows a tenant.");

        var changes = tenants.MapGroup(string.Empty).RequireAdministrator();
        changes.MapPost("/", CreateAsync).Accepts<CreateTenantRequest>("application/json").WithName("createTenant").WithSummary("Creates a tenant.");
        changes.MapPatch("/{tenant}", ChangeAsync).Accepts<ChangeTenantRequest>("application/json").WithName("changeTenant")
            .WithSummary("Changes a tenant's name, plan or metadata; absent fields stay as they are, metadata are replaced as a whole.");
        changes.MapDelete("/{tenant}", DeleteAsync).WithName("deleteTenant")
            .WithSummary("Deletes a tenant: it is refused from now on, and purged with all its data when the grace ends, 30 days unless told ('720h', '30d', seconds).");
        changes.MapPost("/{tenant}/restore", RestoreAsync).WithName("restoreTenant").WithSummary("Takes a deletion back, within its grace.");
        changes.MapPut("/{tenant}/suspend", SuspendAsync).Accepts<ReasonRequest>(isOptional: true, "application/json").WithName("suspendTenant").WithSummary("Suspends a tenant for every service.");
        changes.MapPut("/{tenant}/reactivate", ReactivateAsync).WithName("reactivateTenant").WithSummary("Serves a suspended tenant again.");
    }

    /// <summary>Reads a tenant id from a path.</summary>
    /// <exception cref="ApiException">It is none.</exception>
    public static TenantId Id(string text) => TenantId.TryParse(text, out var id) ? id : throw ApiErrors.InvalidTenant();

    private static async Task<Ok<Page<TenantView>>> ListAsync(
        [AsParameters] TenantQuery query, HttpRequest request, TenantStore store, CancellationToken cancellationToken)
    {
        var filter = query.ToFilter(request.Query);
        var most = PageLimit.Read(query.Limit);
        var rows = await store.ListAsync(filter, most, cancellationToken);
        return TypedResults.Ok(new Page<TenantView>([.. rows.Select(TenantView.Of)], most, rows.Count == most ? rows[^1].Id : null));
    }

    private static async Task<Ok<ActiveTenant[]>> ListActiveAsync(TenantStore store, CancellationToken cancellationToken, string? service = null)
    {
        ServiceName.Check(service);
        var rows = await store.ListActiveAsync(service!, cancellationToken);
        return TypedResults.Ok(rows.Select(row => new ActiveTenant(row.Id, row.Name, row.Status)).ToArray());
    }

    private static async Task<Ok<TenantView>> GetAsync(string tenant, TenantStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(TenantView.Of(await store.FindAsync(Id(tenant), cancellationToken) ?? throw ApiErrors.TenantNotFound()));

    private static async Task<Created<TenantState>> CreateAsync(HttpRequest request, TenantLifecycle lifecycle, CancellationToken cancellationToken)
    {
        var created = await lifecycle.CreateAsync(await JsonBody.ReadAsync<CreateTenantRequest>(request), cancellationToken);
        return TypedResults.Created($"/v1/tenants/{created.Id}", TenantState.Of(created));
    }

    private static async Task<Ok<TenantView>> ChangeAsync(string tenant, HttpRequest request, TenantLifecycle lifecycle, CancellationToken cancellationToken) =>
        TypedResults.Ok(TenantView.Of(await lifecycle.ChangeAsync(Id(tenant), await JsonBody.ReadAsync<ChangeTenantRequest>(request), cancellationToken)));

    private static async Task<Accepted<TenantState>> DeleteAsync(string tenant, TenantDeletion deletion, CancellationToken cancellationToken, string? grace = null)
    {
        var id = Id(tenant);
        return TypedResults.Accepted($"/v1/tenants/{id}", TenantState.Of(await deletion.DeleteAsync(id, DeletionGrace.Read(grace), cancellationToken)));
    }

    private static async Task<Ok<TenantState>> RestoreAsync(string tenant, TenantDeletion deletion, CancellationToken cancellationToken) =>
        TypedResults.Ok(TenantState.Of(await deletion.RestoreAsync(Id(tenant), cancellationToken)));

    private static async Task<Ok<TenantState>> SuspendAsync(string tenant, HttpRequest request, TenantLifecycle lifecycle, CancellationToken cancellationToken) =>
        TypedResults.Ok(TenantState.Of(await lifecycle.SuspendAsync(Id(tenant), await ReasonRequest.ReadAsync(request), cancellationToken)));

    private static async Task<Ok<TenantState>> ReactivateAsync(string tenant, TenantLifecycle lifecycle, CancellationToken cancellationToken) =>
        TypedResults.Ok(TenantState.Of(await lifecycle.ReactivateAsync(Id(tenant), cancellationToken)));
}
