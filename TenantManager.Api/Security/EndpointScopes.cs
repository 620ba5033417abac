using TenantManager.Api.Diagnostics;
using TenantManager.Api.Errors;
using TenantManager.Api.Keys;

namespace TenantManager.Api.Security;

/// <summary>Which scopes open which endpoint: any one that is named, and <see cref="ApiScope.Admin"/> always. What is not listed is the administrator's.</summary>
internal static class EndpointScopes
{
    private const string Association = "/v1/tenants/{tenant}/associations/{service}";

    /// <summary>To every client a 403 of this call means that the tenant is denied: a wrong key must not cut tenants off, so it is answered 401.</summary>
    private const string Connections = $"GET {Association}/connections";

    /// <summary>Belong to the tenant, and are told to every service.</summary>
    private const string Settings = "GET /v1/tenants/{tenant}/settings";

    private const string References = "GET /v1/reference";
    private const string Reference = References + "/{kind}";
    private const string ReferenceEntry = Reference + "/{code}";

    /// <summary>Of no service: keys of named services open them too.</summary>
    private static readonly HashSet<string> OfNoService = new(StringComparer.Ordinal) { Settings, References, Reference, ReferenceEntry };

    private static readonly Dictionary<string, ApiScope> Scopes = new(StringComparer.Ordinal)
    {
        ["GET /v1/tenants"] = ApiScope.Read,
        ["GET /v1/tenants/active"] = ApiScope.Service | ApiScope.Read,
        ["GET /v1/tenants/{tenant}"] = ApiScope.Read,
        ["POST /v1/tenants"] = ApiScope.Write,
        ["PATCH /v1/tenants/{tenant}"] = ApiScope.Write,
        ["DELETE /v1/tenants/{tenant}"] = ApiScope.Write,
        ["POST /v1/tenants/{tenant}/restore"] = ApiScope.Write,
        [Settings] = ApiScope.Service | ApiScope.Read,
        ["PUT /v1/tenants/{tenant}/settings"] = ApiScope.Write,
        ["PUT /v1/tenants/{tenant}/suspend"] = ApiScope.Write,
        ["PUT /v1/tenants/{tenant}/reactivate"] = ApiScope.Write,

        // Holds the password of the tenant's database: not for those who only look.
        [Connections] = ApiScope.Service,
        ["GET /v1/changes"] = ApiScope.Service,
        [$"POST {Association}"] = ApiScope.Write,
        [$"PATCH {Association}"] = ApiScope.Write,
        [$"DELETE {Association}"] = ApiScope.Write,
        [$"PUT {Association}/suspend"] = ApiScope.Write,
        [$"POST {Association}/credentials/rotate"] = ApiScope.Write,
        [$"POST {Association}/invalidate"] = ApiScope.Write,
        ["GET /v1/tenants/{tenant}/associations"] = ApiScope.Read,
        ["GET /v1/tenants/{tenant}/bases"] = ApiScope.Read,
        [References] = ApiScope.Service | ApiScope.Read,
        [Reference] = ApiScope.Service | ApiScope.Read,
        [ReferenceEntry] = ApiScope.Service | ApiScope.Read,
        ["GET /v1/pods"] = ApiScope.Read,
        ["GET /v1/rate-limits"] = ApiScope.Read,
        ["GET /diagnostics/calls"] = ApiScope.Read,
        ["GET /openapi/{documentName}.json"] = ApiScopes.All,
    };

    /// <summary>What is listed, as method and pattern.</summary>
    public static IEnumerable<string> All => Scopes.Keys;

    /// <exception cref="ApiException">The caller's key may not be used for this.</exception>
    public static void Check(Caller caller, HttpContext context)
    {
        // The console shows no passwords, so it is told none, whoever has got hold of its key.
        if (caller.IsConsole && context.GetEndpoint() is RouteEndpoint asked && $"{context.Request.Method} {Pattern(asked)}" == Connections)
            throw Refusal(Connections, "The console's key is not told how services connect.");

        // What is nothing's endpoint answers 404 or 405 to everybody with a key.
        if (context.GetEndpoint() is not RouteEndpoint endpoint || (caller.Scopes & ApiScope.Admin) != ApiScope.None)
            return;
        var called = $"{context.Request.Method} {Pattern(endpoint)}";
        var wanted = Of(called);
        var granted = wanted & caller.Scopes;
        if (granted == ApiScope.None)
            throw Refusal(called, $"The key '{caller.Actor}' lacks the scope {string.Join(" or ", ApiScopes.NamesOf(wanted == ApiScope.None ? ApiScope.Admin : wanted).Select(name => $"'{name}'"))}.");
        if (granted == ApiScope.Service && !OfNoService.Contains(called) && caller.Services is { } services && !services.Contains(ServiceOf(context.Request), StringComparer.Ordinal))
            throw Refusal(called, $"The key '{caller.Actor}' has the scope 'service' for {string.Join(", ", services)} only.");
    }

    /// <summary>The scopes that open an endpoint, beside <see cref="ApiScope.Admin"/>; none when it is not listed.</summary>
    /// <param name="endpoint">Its method and pattern.</param>
    public static ApiScope Of(string endpoint) => Scopes.GetValueOrDefault(endpoint);

    public static string Pattern(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText?.Trim('/');

    private static ApiException Refusal(string called, string message)
    {
        ManagerDiagnostics.KeyRefused("scope");
        return called == Connections ? ApiErrors.Unauthorized(message) : ApiErrors.Forbidden(message);
    }

    private static string ServiceOf(HttpRequest request) => request.RouteValues["service"] as string ?? request.Query["service"].ToString();
}
