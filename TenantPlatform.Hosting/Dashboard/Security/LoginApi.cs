using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TenantPlatform.Hosting.Dashboard.Assets;

namespace TenantPlatform.Hosting.Dashboard.Security;

/// <summary>Lets a browser in that knows the token: by the printed address, or by the form of the login page.</summary>
internal static class LoginApi
{
    private const int LongestToken = 256;

    public static void Map(IEndpointRouteBuilder routes, DashboardOptions options)
    {
        var cookie = new LoginCookie(options.Token);
        routes.MapGet("/login", context => LoginAsync(context, cookie, context.Request.Query["t"]));
        routes.MapPost("/login", async context =>
        {
            var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
            await LoginAsync(context, cookie, form["t"]);
        });
    }

    private static Task LoginAsync(HttpContext context, LoginCookie cookie, string? token)
    {
        if (string.IsNullOrEmpty(token))
            return DashboardAssets.WriteLoginAsync(context, StatusCodes.Status200OK);
        if (token.Length > LongestToken || !cookie.IsToken(token))
            return DashboardAssets.WriteLoginAsync(context, StatusCodes.Status401Unauthorized, isRefused: true);
        cookie.GiveTo(context);
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = WantedPage(context.Request);
        return Task.CompletedTask;
    }

    // The login page stands at every address that wants a login, and its form says from which it was sent. Only to our own pages.
    private static string WantedPage(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Referer, UriKind.Absolute, out var page)
        && page.Scheme == request.Scheme && page.Authority == request.Host.Value && page.AbsolutePath != "/login"
            ? page.AbsoluteUri
            : "/";
}
