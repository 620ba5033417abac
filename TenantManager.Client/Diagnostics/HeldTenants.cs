using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Client.Configuration;
using TenantManager.Client.Databases;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;

namespace TenantManager.Client.Diagnostics;

/// <summary><c>/diagnostics/tenants/{tenant}</c>: what this process holds of a tenant. For development.</summary>
internal static class HeldTenants
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/diagnostics/tenants/{tenant}", Show).ExcludeFromDescription();

    public static IResult InvalidTenant() =>
        Results.Json(new ApiError("INVALID_TENANT", "Bad Request", "The path does not hold a valid tenant id."), ContractJson.Options, statusCode: 400);

    private static IResult Show(string tenant, TenantConfigClient configs, TenantManagerClientOptions options, HttpContext context)
    {
        if (!TenantId.TryParse(tenant, out var id))
            return InvalidTenant();
        var config = configs.Peek(id, options.ServiceName);
        var isConnected = context.RequestServices.GetRequiredService<TenantPools>().IsConnected(id);
        return Results.Json(new Held(id.Value, config is not null, config?.Revision, config?.Status, isConnected), ContractJson.Options);
    }

    private sealed record Held(string Tenant, bool Cached, long? Revision, string? Status, bool Connected);
}
