using TenantManager.Api.Associations;
using TenantManager.Api.Errors;

namespace TenantManager.Api.Keys;

/// <summary>The body of <c>POST /v1/api-keys</c>.</summary>
internal sealed record CreateApiKeyRequest(
    string? Name = null, IReadOnlyList<string>? Scopes = null, IReadOnlyList<string>? Services = null, DateTimeOffset? ExpiresAt = null)
{
    private const int LongestName = 128;
    private const int MostServices = 50;

    /// <exception cref="ApiException">Something is missing or wrong; <c>fields</c> says what.</exception>
    public static void Check(CreateApiKeyRequest request, DateTimeOffset now)
    {
        var wrong = new Dictionary<string, string>(StringComparer.Ordinal);
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > LongestName || request.Name.Any(char.IsControl))
            wrong["name"] = $"is required, 1 to {LongestName} characters, no control characters";
        else if (request.Name is Security.Caller.BootstrapName or Security.Caller.ConsoleName)
            wrong["name"] = $"must not be '{request.Name}', which a key of the environment is called";
        if (ApiScopes.Parse(request.Scopes) is not { } scopes)
            wrong["scopes"] = ApiScopes.Expected;
        else if (request.Services is not null && scopes != ApiScope.Service)
            wrong["services"] = "goes with the scope 'service' alone";
        if (request.Services is { } services && (services.Count is 0 or > MostServices || !services.All(ServiceName.IsValid)))
            wrong["services"] = $"must list 1 to {MostServices} services by name";
        if (request.ExpiresAt <= now)
            wrong["expiresAt"] = "must be in the future";
        if (wrong.Count > 0)
            throw ApiErrors.InvalidFields(wrong);
    }
}
