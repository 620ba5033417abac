using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using TenantManager.Console.Configuration;

namespace TenantManager.Console.SignIn;

/// <summary>Who somebody is to the console: a name and at most one role. Nothing else of what a provider tells is kept.</summary>
internal static class SessionIdentity
{
    public static ClaimsPrincipal Of(string name, string? role)
    {
        var identity = new ClaimsIdentity(CookieAuthenticationDefaults.AuthenticationScheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.Name, name));
        if (role is not null)
            identity.AddClaim(new Claim(ClaimTypes.Role, role));
        return new ClaimsPrincipal(identity);
    }

    /// <summary>By what a provider tells. Somebody with neither role is nobody's operator, and is refused every page.</summary>
    public static ClaimsPrincipal Of(ClaimsPrincipal told, OidcOptions oidc)
    {
        var roles = told.FindAll(oidc.RoleClaim).Select(static claim => claim.Value).ToList();
        var role = roles.Contains(oidc.OperatorRole, StringComparer.Ordinal) ? Roles.Operator
            : roles.Contains(oidc.ViewerRole, StringComparer.Ordinal) ? Roles.Viewer
            : null;
        var name = OperatorName.Read(told.FindFirstValue(oidc.NameClaim)) ?? OperatorName.Read(told.FindFirstValue("sub")) ?? "unnamed";
        return Of(name, role);
    }
}
