using System.Net.Mime;
using System.Text.Json.Nodes;
using TenantManager.Api.Configuration;
using TenantManager.Api.Errors;
using TenantManager.Api.Security;
using TenantManager.Api.Tenants;

namespace TenantManager.Api.TenantSettings;

/// <summary><c>/v1/tenants/{tenant}/settings</c>.</summary>
internal static class TenantSettingsApi
{
    public static void MapTenantSettings(this WebApplication app)
    {
        var settings = app.MapGroup("/v1/tenants/{tenant}/settings").WithTags("Settings");
        settings.MapGet("/", GetAsync).WithName("getTenantSettings").Produces<JsonObject>().Produces(StatusCodes.Status304NotModified)
            .WithSummary("Tells a tenant's settings, a JSON object that means nothing to the tenant-manager; its ETag is for 'If-Match' and 'If-None-Match'.");
        settings.MapGroup(string.Empty).RequireAdministrator()
            .MapPut("/", ReplaceAsync).Accepts<JsonObject>("application/json").WithName("replaceTenantSettings").Produces<JsonObject>().WithMetadata(new IfMatchMetadata())
            .WithSummary($"Replaces a tenant's settings: a JSON object of at most {SettingsDocument.MostBytes} bytes and {SettingsDocument.DeepestLevel} levels, never a secret.");
    }

    private static async Task<IResult> GetAsync(string tenant, HttpContext context, TenantSettingsCache cache, CancellationToken cancellationToken)
    {
        var entry = await cache.FindAsync(TenantsApi.Id(tenant), cancellationToken) ?? throw ApiErrors.TenantNotFound();
        return SettingsTag.IsKnown(context.Request, entry.Revision) ? Tagged(context, entry, Results.StatusCode(StatusCodes.Status304NotModified)) : Show(context, entry);
    }

    private static async Task<IResult> ReplaceAsync(string tenant, HttpContext context, TenantSettingsLifecycle lifecycle, CancellationToken cancellationToken)
    {
        var id = TenantsApi.Id(tenant);
        var settings = await SettingsDocument.ReadAsync(context.Request);
        return Show(context, await lifecycle.ReplaceAsync(id, settings, revision => SettingsTag.Allows(context.Request, revision), cancellationToken));
    }

    private static IResult Show(HttpContext context, TenantSettingsEntry entry) => Tagged(context, entry, Results.Text(entry.Settings, MediaTypeNames.Application.Json));

    private static IResult Tagged(HttpContext context, TenantSettingsEntry entry, IResult result)
    {
        context.Response.GetTypedHeaders().ETag = SettingsTag.Of(entry.Revision);
        context.Response.Headers.CacheControl = "no-cache";
        return result;
    }
}
