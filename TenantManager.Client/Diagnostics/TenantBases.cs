using System.Security.Cryptography;
using System.Text;
using Cache.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Client.Configuration;
using TenantManager.Client.Revalidation;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantManager.Contracts.Diagnostics;

namespace TenantManager.Client.Diagnostics;

/// <summary>
/// <c>/diagnostics/tenants/{tenant}/basis</c>: what this process would answer a tenant's request on. For observers that
/// have the key; asking changes nothing.
/// </summary>
internal static class TenantBases
{
    public static void Map(IEndpointRouteBuilder endpoints, string key)
    {
        var expected = Hash(key);
        endpoints.MapGet(TenantBasis.Path("{tenant}"), ShowAsync).ExcludeFromDescription().AddEndpointFilter(async (call, next) =>
        {
            var presented = call.HttpContext.Request.Headers[WireHeaders.ApiKey].ToString();
            return CryptographicOperations.FixedTimeEquals(Hash(presented), expected)
                ? await next(call).ConfigureAwait(false)
                : Results.Json(new ApiError("UNAUTHORIZED", "Unauthorized", $"The diagnostics key is required: send '{WireHeaders.ApiKey}'."), ContractJson.Options, statusCode: 401);
        });
    }

    private static async Task<IResult> ShowAsync(string tenant, HttpContext context)
    {
        if (!TenantId.TryParse(tenant, out var id))
            return HeldTenants.InvalidTenant();
        var services = context.RequestServices;
        var service = services.GetRequiredService<TenantManagerClientOptions>().ServiceName;

        // A tenant known to be revoked is asked about, whatever the tiers hold.
        var isRevoked = services.GetRequiredService<Revocations>().Note(id) != 0;
        var configs = services.GetRequiredService<TenantConfigClient>();
        var lookup = isRevoked ? null : await configs.PeekAsync(id, service, context.RequestAborted).ConfigureAwait(false);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(lookup is { } known ? Of(id, service, known) : Unknown(), ContractJson.Options);

        TenantBasis Unknown() => new() { Tenant = id.Value, Service = service, Source = TenantBasis.Manager, StaleRevision = isRevoked ? null : configs.PeekStale(id, service)?.Revision };
    }

    private static TenantBasis Of(TenantId tenant, string service, in CacheLookup<TenantConfig> lookup) => new()
    {
        Tenant = tenant.Value,
        Service = service,
        Source = lookup.Source == CacheSource.L1 ? TenantBasis.L1 : TenantBasis.L2,
        Outcome = lookup.Outcome switch
        {
            FetchOutcome.Found => TenantBasis.Found,
            FetchOutcome.Denied => TenantBasis.Denied,
            _ => TenantBasis.NotFound,
        },
        Revision = lookup.Result.Revision ?? lookup.Value?.Revision,
        Status = lookup.Value?.Status ?? lookup.Result.Status,
    };

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
