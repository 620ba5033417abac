using TenantManager.Api.Errors;
using TenantManager.Contracts;

namespace TenantManager.Api.Security;

/// <summary>Requires a service's key on every call but the health endpoints'.</summary>
internal static class ApiKeys
{
    public static void UseApiKeys(this WebApplication app)
    {
        var ring = app.Services.GetRequiredService<ApiKeyRing>();
        app.Use((context, next) =>
        {
            if (context.Request.Path.StartsWithSegments("/health"))
                return next(context);
            var presented = context.Request.Headers[WireHeaders.ApiKey].ToString();
            if (presented.Length == 0)
                throw ApiErrors.Unauthorized($"A service key is required: send '{WireHeaders.ApiKey}'.");
            return ring.Holds(presented) ? next(context) : throw ApiErrors.Unauthorized($"The key in '{WireHeaders.ApiKey}' is not known.");
        });
    }
}
