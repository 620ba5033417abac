using TenantManager.Api.Errors;
using TenantManager.Contracts;

namespace TenantManager.Api.Security;

/// <summary>Requires a key on every call but the health endpoints', and that it may be used for the endpoint that is called.</summary>
internal static class CallerPipeline
{
    public static void UseApiKeys(this WebApplication app)
    {
        var authentication = app.Services.GetRequiredService<CallerAuthentication>();
        app.Use(async (context, next) =>
        {
            if (!context.Request.Path.StartsWithSegments("/health"))
            {
                var presented = context.Request.Headers[WireHeaders.ApiKey].ToString();
                if (presented.Length == 0)
                    throw ApiErrors.Unauthorized($"A service key is required: send '{WireHeaders.ApiKey}'.");
                var caller = await authentication.IdentifyAsync(presented, context.RequestAborted);
                EndpointScopes.Check(caller, context);
                context.Features.Set(OperatorHeader.Read(caller, context.Request));
            }

            await next(context);
        });
    }
}
