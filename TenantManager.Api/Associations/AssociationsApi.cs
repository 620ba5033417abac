using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using TenantManager.Api.Audit;
using TenantManager.Api.Configuration;
using TenantManager.Api.Errors;
using TenantManager.Api.Secrets;
using TenantManager.Api.Security;
using TenantManager.Api.Tenants;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantPlatform.ServiceDefaults.Http;

namespace TenantManager.Api.Associations;

/// <summary><c>/v1/tenants/{tenant}/associations/{service}</c>.</summary>
internal static class AssociationsApi
{
    public static void MapAssociations(this WebApplication app)
    {
        app.MapGet("/v1/tenants/{tenant}/associations", ListAsync).WithTags("Associations").WithName("listAssociations").WithSummary("Lists the services that a tenant is associated with, with the limits of its pools and without any password.");
        var associations = app.MapGroup("/v1/tenants/{tenant}/associations/{service}").WithTags("Associations");
        associations.MapGet("/connections", ConnectionsAsync).WithName("getConnections")
            .Produces<TenantConfig>().Produces(StatusCodes.Status304NotModified).Produces<DeniedAnswer>(StatusCodes.Status403Forbidden).WithSummary("Tells a service what it must know to serve a tenant.");

        var changes = associations.MapGroup(string.Empty).RequireAdministrator();
        changes.MapPost("/", AssociateAsync).Accepts<AssociateRequest>("application/json").WithName("associateService").WithSummary("Associates a tenant with a service and provisions its database.");
        changes.MapPatch("/", SetLimitsAsync).Accepts<LimitsRequest>("application/json").WithName("setLimits").WithSummary("Changes the limits of the tenant's database pools.");
        changes.MapDelete("/", PurgeAsync).WithName("purgeAssociation").WithSummary("Ends the association and removes its data.");
        changes.MapPut("/suspend", SuspendAsync).Accepts<ReasonRequest>(isOptional: true, "application/json").WithName("suspendAssociation").WithSummary("Suspends the service for the tenant.");
        changes.MapPost("/credentials/rotate", RotateAsync).WithName("rotateCredentials").WithSummary("Gives the tenant's role a new password.");
        changes.MapPost("/invalidate", InvalidateAsync).Accepts<InvalidateRequest>(isOptional: true, "application/json").WithName("invalidateConfiguration").WithSummary("Asks every pod to drop the cached configuration.");
    }

    private static async Task<IResult> ConnectionsAsync(
        string tenant, string service, HttpContext context, AssociationStore associations, ManagerOptions options, SecretCache secrets, CancellationToken cancellationToken)
    {
        var id = TenantsApi.Id(tenant);
        ServiceName.Check(service);

        var (owner, association) = await associations.FindWithOwnerAsync(id, service, cancellationToken);
        if (owner is null)
            throw ApiErrors.TenantNotFound();
        if (association is null or { Status: AssociationStatus.Provisioning })
            throw ApiErrors.AssociationNotFound();
        if (ServedStatus.WhyNot(owner.Status, association.Status) is { } status)
        {
            return Results.Json(
                new DeniedAnswer("0131", $"tenant service is {status}", status, owner.Revision), ContractJson.Options, statusCode: 403);
        }

        // Before any secret is read: nearly every revalidation ends here.
        var tag = ConfigTag.Of(owner.Revision, options);
        context.Response.GetTypedHeaders().ETag = tag;
        context.Response.Headers.CacheControl = "no-store";
        if (ConfigTag.IsKnown(tag, context.Request))
            return Results.StatusCode(StatusCodes.Status304NotModified);

        // By what the row of this revision says: another revision's password is kept elsewhere.
        var password = await secrets.ReadAsync(SecretReference.Of(association), cancellationToken);
        return Results.Json(TenantConfigs.Of(owner, association, options, password), ContractJson.Options);
    }

    private static async Task<Created<AssociationState>> AssociateAsync(
        string tenant, string service, HttpRequest request, AssociationLifecycle lifecycle, CancellationToken cancellationToken)
    {
        var (id, name) = (TenantsApi.Id(tenant), ServiceName.Check(service));
        var association = await lifecycle.AssociateAsync(id, name, await JsonBody.ReadAsync<AssociateRequest>(request), cancellationToken);
        return TypedResults.Created($"/v1/tenants/{id}/associations/{name}", AssociationState.Of(association));
    }

    private static async Task<Ok<AssociationState>> SuspendAsync(
        string tenant, string service, HttpRequest request, AssociationLifecycle lifecycle, CancellationToken cancellationToken)
    {
        var (id, name) = (TenantsApi.Id(tenant), ServiceName.Check(service));
        return TypedResults.Ok(AssociationState.Of(await lifecycle.SuspendAsync(id, name, await ReasonRequest.ReadAsync(request), cancellationToken)));
    }

    private static async Task<Ok<AssociationView[]>> ListAsync(string tenant, AssociationStore associations, CancellationToken cancellationToken) =>
        TypedResults.Ok((await associations.ListAsync(TenantsApi.Id(tenant), cancellationToken) ?? throw ApiErrors.TenantNotFound()).Select(AssociationView.Of).ToArray());

    private static async Task<Ok<AssociationState>> PurgeAsync(string tenant, string service, AssociationLifecycle lifecycle, CancellationToken cancellationToken) =>
        TypedResults.Ok(AssociationState.Of(await lifecycle.PurgeAsync(TenantsApi.Id(tenant), ServiceName.Check(service), cancellationToken)));

    private static async Task<Ok<AssociationState>> RotateAsync(string tenant, string service, AssociationLifecycle lifecycle, CancellationToken cancellationToken) =>
        TypedResults.Ok(AssociationState.Of(await lifecycle.RotateCredentialsAsync(TenantsApi.Id(tenant), ServiceName.Check(service), cancellationToken)));

    private static async Task<Ok<AssociationState>> SetLimitsAsync(
        string tenant, string service, HttpRequest request, AssociationLifecycle lifecycle, CancellationToken cancellationToken)
    {
        var (id, name) = (TenantsApi.Id(tenant), ServiceName.Check(service));
        return TypedResults.Ok(AssociationState.Of(await lifecycle.SetLimitsAsync(id, name, await JsonBody.ReadAsync<LimitsRequest>(request), cancellationToken)));
    }

    private static async Task<Accepted> InvalidateAsync(
        string tenant, string service, HttpRequest request, AssociationLifecycle lifecycle)
    {
        var (id, name) = (TenantsApi.Id(tenant), ServiceName.Check(service));
        var hasBody = request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? request.ContentLength > 0;
        var body = hasBody ? await JsonBody.ReadAsync<InvalidateRequest>(request) : new InvalidateRequest();
        InvalidateRequest.Check(body);
        await lifecycle.InvalidateAsync(id, name, body.Reason);
        return TypedResults.Accepted((string?)null);
    }
}
