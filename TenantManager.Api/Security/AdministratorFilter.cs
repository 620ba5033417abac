using TenantManager.Api.Errors;
using TenantManager.Contracts.Tokens;

namespace TenantManager.Api.Security;

/// <summary>Requires an administrator's bearer token on calls that change state.</summary>
internal sealed class AdministratorFilter(TokenVerifier verifier) : IEndpointFilter
{
    public const string Scope = "tenant-manager:admin";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        const string Scheme = "Bearer ";
        var header = context.HttpContext.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw ApiErrors.Unauthorized("A bearer token is required to change state: send 'Authorization: Bearer <token>'.");
        var token = verifier.Verify(header[Scheme.Length..].Trim());
        if (!token.IsValid)
            throw ApiErrors.Unauthorized("The bearer token is invalid or expired.");
        if (!(token.GetString("scope") ?? string.Empty).Split(' ').Contains(Scope, StringComparer.Ordinal))
            throw ApiErrors.Forbidden($"The bearer token lacks the scope '{Scope}'.");
        return await next(context);
    }
}
