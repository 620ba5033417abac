using Microsoft.AspNetCore.Http.HttpResults;
using TenantManager.Api.Configuration;
using TenantManager.Api.Errors;
using TenantManager.Contracts;
using TenantManager.Contracts.Tokens;
using TenantPlatform.ServiceDefaults.Http;

namespace TenantManager.Api.Security;

/// <summary>Issues tokens for local development. Exists in the Development environment only, and says so when it starts.</summary>
internal static partial class DevTokensApi
{
    private const int LongestLifetime = 24 * 60 * 60;

    public static void MapDevTokens(this WebApplication app)
    {
        LogMapped(app.Logger);
        app.MapPost("/v1/dev/tokens", IssueAsync).Accepts<DevTokenRequest>("application/json").WithName("issueDevToken").WithTags("Development");
    }

    private static async Task<Ok<DevToken>> IssueAsync(HttpRequest request, ManagerOptions options, TimeProvider time)
    {
        var wanted = await JsonBody.ReadAsync<DevTokenRequest>(request);
        if (options.Tokens.SymmetricKey is not { } key)
            throw ApiErrors.WrongState("service", "configured without AUTH_SIGNING_KEY", "asked for tokens");
        var lifetime = wanted.LifetimeSeconds ?? 3600;
        if (lifetime is < 1 or > LongestLifetime)
            throw ApiErrors.InvalidFields(new Dictionary<string, string>(StringComparer.Ordinal) { ["lifetimeSeconds"] = $"must be 1 to {LongestLifetime}" });

        var claims = new Dictionary<string, string>(StringComparer.Ordinal) { ["sub"] = "developer" };
        if (wanted.TenantId is { } text)
            claims["tenantId"] = TenantId.TryParse(text, out var tenant) ? tenant.Value : throw ApiErrors.InvalidTenant();
        if (wanted.Scope is { } scope)
            claims["scope"] = scope;
        if (options.Tokens.Audience is { } audience)
            claims["aud"] = audience;
        var token = new TokenIssuer(options.Tokens.Issuer ?? TokenSettings.DefaultIssuer, key, time).Issue(claims, TimeSpan.FromSeconds(lifetime));
        return TypedResults.Ok(new DevToken(token, time.GetUtcNow().AddSeconds(lifetime)));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "DEVELOPMENT MODE: POST /v1/dev/tokens issues tokens to whoever has a service key. Never run like this in production.")]
    private static partial void LogMapped(ILogger logger);

    internal sealed record DevTokenRequest(string? TenantId = null, string? Scope = null, int? LifetimeSeconds = null);

    internal sealed record DevToken(string Token, DateTimeOffset ExpiresAt);
}
