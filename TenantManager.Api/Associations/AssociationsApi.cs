using Microsoft.AspNetCore.Http.Features;
using TenantManager.Api.Configuration;
using TenantManager.Api.Errors;
using TenantManager.Api.Security;
using TenantManager.Api.Tenants;
using TenantManager.Contracts;
using TenantPlatform.ServiceDefaults.Http;

namespace TenantManager.Api.Associations;

/// <summary><c>/v1/tenants/{tenant}/associations/{service}</c>.</summary>
internal static class AssociationsApi
{
    public static void MapAssociations(this WebApplication app)
    {
        var associations = app.MapGroup("/v1/tenants/{tenant}/associations/{service}").WithTags("Associations");
        associations.MapGet("/connections", ConnectionsAsync).WithSummary("Tells a service what it must know to serve a tenant.");

        var changes = associations.MapGroup(string.Empty).RequireAdministrator();
        changes.MapPost("/", AssociateAsync).Accepts<AssociateRequest>("application/json").WithSummary("Associates a tenant with a service and provisions its database.");
        changes.MapPatch("/", SetLimitsAsync).Accepts<LimitsRequest>("application/json").WithSummary("Changes the limits of the tenant's database pools.");
        changes.MapDelete("/", PurgeAsync).WithSummary("Ends the association and removes its data.");
        changes.MapPut("/suspend", SuspendAsync).WithSummary("Suspends the service for the tenant.");
        changes.MapPost("/credentials/rotate", RotateAsync).WithSummary("Gives the tenant's role a new password.");
        changes.MapPost("/invalidate", InvalidateAsync).WithSummary("Asks every pod to drop the cached configuration.");
    }

    private static async Task<IResult> ConnectionsAsync(
        string tenant, string service, HttpContext context, AssociationStore associations, ManagerOptions options, SecretProtector secrets, CancellationToken cancellationToken)
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
                new { code = "0131", error = $"tenant service is {status}", status, revision = owner.Revision }, ContractJson.Options, statusCode: 403);
        }

        // Before anything is decrypted: nearly every revalidation ends here.
        var tag = ConfigTag.Of(owner.Revision, options);
        context.Response.GetTypedHeaders().ETag = tag;
        context.Response.Headers.CacheControl = "no-store";
        if (ConfigTag.IsKnown(tag, context.Request))
            return Results.StatusCode(StatusCodes.Status304NotModified);
        return Results.Json(TenantConfigs.Of(owner, association, options, secrets), ContractJson.Options);
    }

    private static async Task<IResult> AssociateAsync(
        string tenant, string service, HttpRequest request, AssociationLifecycle lifecycle, CancellationToken cancellationToken)
    {
        var (id, name) = (TenantsApi.Id(tenant), ServiceName.Check(service));
        var association = await lifecycle.AssociateAsync(id, name, await JsonBody.ReadAsync<AssociateRequest>(request), cancellationToken);
        return Results.Created($"/v1/tenants/{id}/associations/{name}", Short(association));
    }

    private static async Task<IResult> SuspendAsync(string tenant, string service, AssociationLifecycle lifecycle, CancellationToken cancellationToken) =>
        Results.Ok(Short(await lifecycle.SuspendAsync(TenantsApi.Id(tenant), ServiceName.Check(service), cancellationToken)));

    private static async Task<IResult> PurgeAsync(string tenant, string service, AssociationLifecycle lifecycle, CancellationToken cancellationToken) =>
        Results.Ok(Short(await lifecycle.PurgeAsync(TenantsApi.Id(tenant), ServiceName.Check(service), cancellationToken)));

    private static async Task<IResult> RotateAsync(string tenant, string service, AssociationLifecycle lifecycle, CancellationToken cancellationToken) =>
        Results.Ok(Short(await lifecycle.RotateCredentialsAsync(TenantsApi.Id(tenant), ServiceName.Check(service), cancellationToken)));

    private static async Task<IResult> SetLimitsAsync(
        string tenant, string service, HttpRequest request, AssociationLifecycle lifecycle, CancellationToken cancellationToken)
    {
        var (id, name) = (TenantsApi.Id(tenant), ServiceName.Check(service));
        return Results.Ok(Short(await lifecycle.SetLimitsAsync(id, name, await JsonBody.ReadAsync<LimitsRequest>(request), cancellationToken)));
    }

    private static async Task<IResult> InvalidateAsync(
        string tenant, string service, HttpRequest request, AssociationLifecycle lifecycle)
    {
        var (id, name) = (TenantsApi.Id(tenant), ServiceName.Check(service));
        var hasBody = request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? request.ContentLength > 0;
        var body = hasBody ? await JsonBody.ReadAsync<InvalidateRequest>(request) : new InvalidateRequest();
        InvalidateRequest.Check(body);
        await lifecycle.InvalidateAsync(id, name, body.Reason);
        return Results.Accepted();
    }

    private static object Short(AssociationRow association) => new { serviceName = association.Service, association.Status };
}
