using TenantManager.Api.Keys;
using TenantManager.Api.Security;
using TenantManager.Contracts;
using TenantPlatform.HttpGuards.RateLimiting;

namespace TenantManager.Api.Guards;

/// <summary>
/// What a call counts against: its key, and with a key for administrating also the tenant in its path, whoever else calls for that
/// one. The keys by which services live, those of the environment and of the scope <see cref="ApiScope.Service"/>, are shared by all pods, which
/// ask about every tenant: they have tiers of their own, and do not count against tenants.
/// </summary>
internal sealed class CallerRatePartitions : IRatePartitions
{
    public const string Key = "key";
    public const string Service = "service";
    public const string Bootstrap = "bootstrap";
    public const string Tenant = "tenant";

    public IReadOnlyList<RatePartition> Of(HttpContext context)
    {
        if (context.Features.Get<Caller>() is not { } caller)
            return [];
        if (caller.KeyId is not { } id)
            return [new RatePartition(Key, caller.Actor, Bootstrap)];
        if ((caller.Scopes & ApiScope.Service) != ApiScope.None)
            return [new RatePartition(Key, id, Service)];
        var key = new RatePartition(Key, id, Key);
        return TenantId.TryParse(context.Request.RouteValues["tenant"] as string, out var tenant)
            ? [key, new RatePartition(Tenant, tenant.Value, Tenant)]
            : [key];
    }
}
