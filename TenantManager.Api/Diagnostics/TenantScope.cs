using TenantManager.Contracts;

namespace TenantManager.Api.Diagnostics;

/// <summary>Gives every line that is logged for a tenant's request the attribute <c>tenant.id</c>.</summary>
internal static class TenantScope
{
    public static void UseTenantScope(this WebApplication app) => app.Use(async (context, next) =>
    {
        using var scope = TenantId.TryParse(context.Request.RouteValues["tenant"] as string, out var tenant)
            ? app.Logger.BeginScope(new[] { KeyValuePair.Create<string, object?>("tenant.id", tenant.Value) })
            : null;
        await next(context);
    });
}
