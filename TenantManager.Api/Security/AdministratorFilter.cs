namespace TenantManager.Api.Security;

/// <summary>Puts <see cref="AdministratorCheck"/> before an endpoint.</summary>
internal sealed class AdministratorFilter(AdministratorCheck check) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        await check.CheckAsync(context.HttpContext);
        return await next(context);
    }
}
