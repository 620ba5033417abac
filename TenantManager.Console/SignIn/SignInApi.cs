using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Mvc;
using TenantManager.Console.Configuration;
using TenantManager.Console.Manager;
using TenantManager.Contracts;

namespace TenantManager.Console.SignIn;

/// <summary><c>/sign-in</c> and <c>/sign-out</c>: what a browser sends; the page itself is <see cref="Pages.SignIn.SignInPage"/>.</summary>
internal static partial class SignInApi
{
    public const string Failed = "/sign-in?failed=true";

    public static void MapSignIn(this WebApplication app)
    {
        app.MapPost("/sign-in", EnterAsync).AllowAnonymous().RequireRateLimiting(SignInRegistration.GuessLimit);
        app.MapPost("/sign-out", LeaveAsync).RequireAuthorization();
        app.MapPost("/sign-in/tokens", Issue).AllowAnonymous().DisableAntiforgery().RequireRateLimiting(SignInRegistration.GuessLimit);
        if (app.Services.GetRequiredService<ConsoleOptions>().Oidc is not null)
            app.MapGet("/sign-in/provider", Challenge).AllowAnonymous();
    }

    private static async Task<IResult> EnterAsync(
        HttpContext context, OneTimeTokens tokens, ManagerClient manager, ILoggerFactory loggers, [FromForm] string? token = null, [FromForm] string? name = null, [FromForm] string? returnUrl = null)
    {
        // The name first: a mistake in it must not use the token up.
        if (tokens.Peek(token) is not { } known || (known.Name ?? OperatorName.Read(name)) is not { } called)
            return Results.LocalRedirect(tokens.Peek(token) is null ? Failed : $"/sign-in?nameless=true&token={Uri.EscapeDataString(token!)}");
        if (tokens.Use(token) is not { } invitation)
            return Results.LocalRedirect(Failed);
        await context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, SessionIdentity.Of(called, invitation.Role));
        LogSignedIn(loggers.CreateLogger(typeof(SignInApi)), invitation.Role);
        await NoteAsync(manager, called, invitation.Role);
        return Results.LocalRedirect(Local(returnUrl));
    }

    /// <summary>Into the audit log, if it can be had soon: nobody is kept out because the tenant-manager is away.</summary>
    private static async Task NoteAsync(ManagerClient manager, string name, string role)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await manager.SendAsync<object?>(HttpMethod.Post, "/v1/audit/operators", new { action = "operator.signed-in", target = role }, name, limit.Token);
        }
        catch (Exception exception) when (exception is ManagerException or OperationCanceledException)
        {
            // What he does is written down with it, or is not done.
        }
    }

    private static async Task<IResult> LeaveAsync(HttpContext context, [FromForm] string? unused = null)
    {
        _ = unused; // a form's endpoint is what antiforgery is checked for
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return Results.LocalRedirect("/sign-in");
    }

    private static IResult Challenge(string? returnUrl = null) =>
        Results.Challenge(new AuthenticationProperties { RedirectUri = Local(returnUrl) }, [OpenIdConnectDefaults.AuthenticationScheme]);

    /// <summary>A new one-time token, for whoever has the console's own key: he could do everything without the console.</summary>
    private static IResult Issue(HttpContext context, OneTimeTokens tokens, ConsoleOptions options, TimeProvider time, string? role = null, string? name = null)
    {
        var presented = context.Request.Headers[WireHeaders.ApiKey].ToString();
        if (!CryptographicOperations.FixedTimeEquals(Hash(presented), Hash(options.ApiKey)))
            return Refuse(StatusCodes.Status401Unauthorized, "UNAUTHORIZED", "Unauthorized", $"The console's key is required: send '{WireHeaders.ApiKey}'.");
        if (options.Oidc is not null)
            return Refuse(StatusCodes.Status409Conflict, "INVALID_STATE", "Conflict", "Operators sign in by OpenID Connect here: no token is taken.");
        if (!Roles.IsKnown(role ?? Roles.Operator) || (name is not null && OperatorName.Read(name) is null))
            return Refuse(StatusCodes.Status400BadRequest, "0009", "Bad Request", $"'role' must be '{Roles.Operator}' or '{Roles.Viewer}'; 'name' 1 to {OperatorName.Longest} characters, or absent.");
        context.Response.Headers.CacheControl = "no-store";
        return tokens.Issue(role ?? Roles.Operator, OperatorName.Read(name)) is { } text
            ? Results.Json(new IssuedToken(text, $"/sign-in?token={text}", time.GetUtcNow() + OneTimeTokens.Lifetime), ContractJson.Options)
            : Refuse(StatusCodes.Status409Conflict, "INVALID_STATE", "Conflict", "Too many tokens wait to be used: try again when some have expired.");
    }

    private static IResult Refuse(int status, string code, string title, string message) =>
        Results.Json(new ApiError(code, title, message), ContractJson.Options, statusCode: status);

    /// <summary>A page of this console; anything else would lead elsewhere whoever follows a forged link.</summary>
    private static string Local(string? url) =>
        url is ['/', ..] && !url.StartsWith("//", StringComparison.Ordinal) && !url.Contains('\\', StringComparison.Ordinal) && !url.Any(char.IsControl) ? url : "/";

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    [LoggerMessage(Level = LogLevel.Information, Message = "Somebody signed in as {Role} with a one-time token, which opens nothing any more")]
    private static partial void LogSignedIn(ILogger logger, string role);
}
