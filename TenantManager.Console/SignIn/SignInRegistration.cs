using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using TenantManager.Console.Configuration;

namespace TenantManager.Console.SignIn;

/// <summary>How somebody becomes a viewer or an operator: by OpenID Connect where it is configured, by a one-time token otherwise.</summary>
internal static class SignInRegistration
{
    public const string GuessLimit = "sign-in";

    /// <summary>A session ends after a working day, whatever is done in it.</summary>
    private static readonly TimeSpan Session = TimeSpan.FromHours(8);

    public static void AddSignIn(this WebApplicationBuilder builder, ConsoleOptions options)
    {
        var services = builder.Services;
        services.AddSingleton<OneTimeTokens>();
        services.AddAuthorizationBuilder().AddPolicy(Roles.MayLook, policy => policy.RequireRole(Roles.Viewer, Roles.Operator));
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "__Host-console-antiforgery";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
        });
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.AddPolicy(GuessLimit, static context => RateLimitPartition.GetFixedWindowLimiter(
                context.Connection.RemoteIpAddress?.ToString() ?? string.Empty,
                static _ => new FixedWindowRateLimiterOptions { PermitLimit = 60, Window = TimeSpan.FromMinutes(1) }));
        });
        var authentication = services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = "__Host-console";
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.Always;
            cookie.Cookie.HttpOnly = true;

            // Lax and not Strict: the way back from the provider, and the dashboard's links, begin on another site.
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.ExpireTimeSpan = Session;
            cookie.SlidingExpiration = false;
            cookie.LoginPath = "/sign-in";
            cookie.AccessDeniedPath = "/sign-in/refused";
            cookie.ReturnUrlParameter = "returnUrl";
            cookie.Events.OnSigningIn = static signingIn =>
            {
                var time = signingIn.HttpContext.RequestServices.GetRequiredService<TimeProvider>();
                ((ClaimsIdentity)signingIn.Principal!.Identity!).AddClaim(new Claim(Roles.SessionEnds, $"{(time.GetUtcNow() + Session).ToUnixTimeSeconds()}"));
                return Task.CompletedTask;
            };
        });
        if (options.Oidc is { } oidc)
            authentication.AddOpenIdConnect(connect => Configure(connect, oidc));
    }

    private static void Configure(OpenIdConnectOptions connect, OidcOptions oidc)
    {
        connect.Authority = oidc.Authority.ToString();
        connect.RequireHttpsMetadata = oidc.Authority.Scheme == Uri.UriSchemeHttps;
        connect.ClientId = oidc.ClientId;
        connect.ClientSecret = oidc.ClientSecret;
        connect.ResponseType = "code";
        connect.ResponseMode = "query";
        connect.UsePkce = true;
        connect.MapInboundClaims = false;
        connect.GetClaimsFromUserInfoEndpoint = true;
        connect.SaveTokens = false;
        connect.CallbackPath = "/sign-in/callback";
        connect.SignedOutCallbackPath = "/sign-in/signed-out";
        connect.AccessDeniedPath = "/sign-in/refused";
        connect.CorrelationCookie.SameSite = SameSiteMode.Lax;
        connect.NonceCookie.SameSite = SameSiteMode.Lax;
        connect.Scope.Clear();
        foreach (var scope in oidc.Scopes)
            connect.Scope.Add(scope);
        connect.ClaimActions.MapUniqueJsonKey(oidc.NameClaim, oidc.NameClaim);
        connect.ClaimActions.MapJsonKey(oidc.RoleClaim, oidc.RoleClaim);

        // Not before what the provider's user endpoint tells has been added: a role or a name may be there alone.
        connect.Events.OnTicketReceived = received =>
        {
            received.Principal = SessionIdentity.Of(received.Principal!, oidc);
            return Task.CompletedTask;
        };
    }
}
