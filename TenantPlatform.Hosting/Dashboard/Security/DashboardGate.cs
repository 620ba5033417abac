using Microsoft.AspNetCore.Http;
using TenantPlatform.Hosting.Dashboard.Assets;

namespace TenantPlatform.Hosting.Dashboard.Security;

/// <summary>
/// Stands before every request. A page elsewhere in the same browser must neither read nor change anything here: the host
/// must be a loopback name (against DNS rebinding), the caller must hold the cookie, and changes must come from our own pages.
/// </summary>
internal sealed class DashboardGate(DashboardOptions options)
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private readonly LoginCookie _cookie = new(options.Token);

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (!IsLoopbackName(request.Host.Host))
            return Problem.WriteAsync(context, StatusCodes.Status421MisdirectedRequest, "wrong_host", "This dashboard answers to localhost and 127.0.0.1 only.");
        Harden(context.Response.Headers);
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !IsSameOrigin(request))
            return Problem.WriteAsync(context, StatusCodes.Status403Forbidden, "cross_origin", "Changes are taken only from the dashboard's own pages.");
        if (options.AllowAnonymous || IsOpen(request.Path) || _cookie.IsHeldBy(context))
            return next(context);
        return request.Path.StartsWithSegments("/api")
            ? Problem.WriteAsync(context, StatusCodes.Status401Unauthorized, "login_required", "Open the login address that the AppHost printed at start.")
            : DashboardAssets.WriteLoginAsync(context, StatusCodes.Status401Unauthorized);
    }

    private static bool IsLoopbackName(string host) => host is "127.0.0.1" or "[::1]" || string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase);

    // The login page's own looks; they tell nothing.
    private static bool IsOpen(PathString path) =>
        path == "/login" || path == "/favicon.svg" || path.StartsWithSegments("/css") || path.StartsWithSegments("/fonts");

    private static bool IsSameOrigin(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        if (site.Length > 0 && site != "same-origin")
            return false;
        if (origin.Length > 0)
            return string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
        return site.Length > 0;
    }

    private static void Harden(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        // Not no-referrer: browsers would then send "Origin: null" with the login form.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }
}
