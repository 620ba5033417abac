using TenantManager.Contracts.Settings;

namespace TenantManager.Console.Configuration;

/// <summary>Reads <see cref="ConsoleOptions"/>; every problem is reported at start, by the variable's name.</summary>
internal static class ConsoleSettings
{
    private const int ShortestSecret = 16;

    /// <exception cref="InvalidSettingException">A setting is missing or wrong.</exception>
    public static ConsoleOptions Read(IConfiguration configuration, bool isDevelopment)
    {
        var options = new ConsoleOptions
        {
            TenantManager = Address(configuration, "Console:TenantManager") ?? throw Wrong("Console:TenantManager", "is not set: it is the tenant-manager's address, such as 'http://tenant-manager'."),
            ApiKey = Secret(configuration, "Console:ApiKey") ?? throw Wrong("Console:ApiKey", "is not set: it is what the tenant-manager has as TENANT_MANAGER_CONSOLE_KEY."),
            OperatorToken = Secret(configuration, "Console:Tokens:Operator"),
            ViewerToken = Secret(configuration, "Console:Tokens:Viewer"),
            Oidc = Oidc(configuration, isDevelopment),
        };
        if (options is { Oidc: null, OperatorToken: null, ViewerToken: null })
            throw Wrong("Console:Tokens", "has neither Operator nor Viewer, and Console__Oidc__Authority is not set: nobody could sign in.");
        if (options.Oidc is not null && (options.OperatorToken ?? options.ViewerToken) is not null)
            throw Wrong("Console:Tokens", "goes with no Console__Oidc__Authority: with OpenID Connect nobody signs in by a token. Leave one of the two out.");
        return options;
    }

    private static OidcOptions? Oidc(IConfiguration configuration, bool isDevelopment)
    {
        if (Address(configuration, "Console:Oidc:Authority") is not { } authority)
            return null;
        if (authority.Scheme != Uri.UriSchemeHttps && !isDevelopment)
            throw Wrong("Console:Oidc:Authority", "must begin with https://: what it says is believed.");
        return new OidcOptions
        {
            Authority = authority,
            ClientId = Text(configuration, "Console:Oidc:ClientId") ?? throw Wrong("Console:Oidc:ClientId", "is not set: Console__Oidc__Authority knows the console by it."),
            ClientSecret = Text(configuration, "Console:Oidc:ClientSecret"),
            Scopes = (Text(configuration, "Console:Oidc:Scopes") ?? "openid profile").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            RoleClaim = Text(configuration, "Console:Oidc:RoleClaim") ?? "roles",
            NameClaim = Text(configuration, "Console:Oidc:NameClaim") ?? "preferred_username",
            OperatorRole = Text(configuration, "Console:Oidc:OperatorRole") ?? "operator",
            ViewerRole = Text(configuration, "Console:Oidc:ViewerRole") ?? "viewer",
        };
    }

    private static Uri? Address(IConfiguration configuration, string name) =>
        Text(configuration, name) is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" or "https+http" && address.UserInfo.Length == 0 ? address
        : throw Wrong(name, "must be an address such as 'https://host:port', without a user.");

    private static string? Secret(IConfiguration configuration, string name) =>
        Text(configuration, name) is not { } text ? null
        : text.Length >= ShortestSecret && text.All(static c => c is > ' ' and < '\x7f') ? text
        : throw Wrong(name, $"must be at least {ShortestSecret} characters, ASCII without spaces.");

    private static string? Text(IConfiguration configuration, string name) =>
        configuration[name] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    private static InvalidSettingException Wrong(string name, string why) => new(name.Replace(":", "__", StringComparison.Ordinal), why);
}
