using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using TenantManager.Contracts;
using TenantManager.Contracts.Tokens;

namespace TenantManager.Client.Middleware;

/// <summary>Whose request it is, by its bearer token.</summary>
/// <param name="Tenant">The tenant, unless it is refused.</param>
/// <param name="Refusal">Why it is refused; null when it is not.</param>
/// <param name="Invalid">What is wrong with the token, for the log.</param>
/// <param name="Undecided">Why it could not be verified, for the log.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TenantIdentification(TenantId Tenant, Refusal? Refusal, string? Invalid = null, string? Undecided = null)
{
    public static async ValueTask<TenantIdentification> OfAsync(HttpContext context, TokenVerifier verifier)
    {
        const string Scheme = "Bearer ";
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return new(default, Refusal.NoToken);
        var verification = await verifier.VerifyAsync(header[Scheme.Length..].Trim(), context.RequestAborted).ConfigureAwait(false);
        if (verification.IsUndecided)
            return new(default, Refusal.Unavailable, Undecided: verification.Failure);
        if (!verification.IsValid)
            return new(default, Refusal.InvalidToken, Invalid: verification.Failure);
        if (!verification.Claims!.ContainsKey("tenantId"))
            return new(default, Refusal.NoTenant);
        return TenantId.TryParse(verification.GetString("tenantId"), out var tenant) ? new(tenant, null) : new(default, Refusal.InvalidTenant);
    }
}
