using TenantManager.Api.Errors;
using TenantManager.Contracts.Tokens;

namespace TenantManager.Api.Security;

/// <summary>
/// Requires an administrator's bearer token with a bootstrap key, which every service may hold. A key of the state was given its
/// scopes for what it calls, so it may do without; a token that comes with it must be right all the same, and names who acts.
/// </summary>
internal sealed partial class AdministratorCheck(TokenVerifier verifier, CallerAccess callers, ILogger<AdministratorCheck> logger)
{
    public const string Scope = "tenant-manager:admin";

    /// <exception cref="ApiException">The token is missing, wrong, or not an administrator's; or nobody can say.</exception>
    public async ValueTask CheckAsync(HttpContext context)
    {
        const string Scheme = "Bearer ";
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0 && !callers.Current.IsBootstrap)
            return;
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw ApiErrors.Unauthorized("A bearer token is required to change state: send 'Authorization: Bearer <token>'.");
        var token = await verifier.VerifyAsync(header[Scheme.Length..].Trim(), context.RequestAborted);
        if (token.IsUndecided)
        {
            LogUndecided(token.Failure!);
            throw ApiErrors.Unavailable();
        }

        if (!token.IsValid)
            throw ApiErrors.Unauthorized("The bearer token is invalid or expired.");
        if (!(token.GetString("scope") ?? string.Empty).Split(' ').Contains(Scope, StringComparer.Ordinal))
            throw ApiErrors.Forbidden($"The bearer token lacks the scope '{Scope}'.");
        callers.Current = callers.Current with { Subject = token.GetString("sub") };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A bearer token cannot be verified: {Reason}. See AUTH_AUTHORITY")]
    private partial void LogUndecided(string reason);
}
