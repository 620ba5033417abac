namespace TenantPlatform.Deploy.Tests;

/// <summary>What is left out of the comparison, each with why. A name that ends with '*' stands for all that begin so.</summary>
internal static class Exemptions
{
    /// <summary>Set in deploy/, and not read by the services' own sources.</summary>
    public static IReadOnlyDictionary<string, string> Set { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["OTEL_*"] = "OpenTelemetry's own",
        ["ASPNETCORE_HTTP_PORTS"] = "ASP.NET's own",
        ["ConnectionStrings__*"] = "read by GetConnectionString",
        ["ReverseProxy__*"] = "YARP's own",
        ["RATE_LIMIT_*"] = "RATE_LIMIT_{TIER} is put together from the names of tiers",
        ["POD_NAME"] = "other variables are made of it",
        ["POD_IP"] = "other variables are made of it",
        ["POSTGRES_PASSWORD"] = "PostgreSQL's image reads it",
        ["REDISCLI_AUTH"] = "valkey-cli reads it, within its container",
        ["POSTGRES_DB"] = "PostgreSQL's image reads it",
    };

    /// <summary>Read by the services, and set nowhere in deploy/.</summary>
    public static IReadOnlyDictionary<string, string> Read { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["AUTH_ALLOW_*"] = "for Development only",
        ["CACHE_MUTANT"] = "in builds with mutants only",
        ["CACHE_CA_CERT_BASE64"] = "a key of the secret valkey-credentials, taken as a whole",
        ["CACHE_USERNAME"] = "a key of the secret valkey-credentials, taken as a whole",
        ["CACHE_LAST_KNOWN_GOOD_*"] = "off unless asked for: which disk outlives a pod is for whoever deploys to say (deploy/README.md)",
        ["AUTH_JWKS"] = "in place of AUTH_SIGNING_KEY, by tokens.keys",
        ["REDIS_*"] = "deprecated",
        ["MULTI_TENANT_REDIS*"] = "deprecated",
        ["ENVIRONMENT_NAME"] = "another name of ENV_NAME",
        ["MULTI_TENANT_ENABLED"] = "off, a service has no tenants to serve",
        ["MULTI_TENANT_MODULE"] = "the service's name unless told",
        ["OBSERVER_*"] = "how hard the observer asks: its defaults do",
        ["Console__Oidc__ClientSecret"] = "a key of the secret console-credentials in production",
        ["Gateway__Origin"] = "one origin for all; the chart and Compose give routes instead",
        ["Gateway__Metadata"] = "the policy of one origin for all; routes have theirs under ReverseProxy",
        ["Console__Tokens"] = "no setting: the section of two, as a refusal names it",
        ["ON_HOLD"] = "no setting: a type of the ledger's operations",
        ["NATURAL_PERSON"] = "no setting: a type of holders",
        ["LEGAL_PERSON"] = "no setting: a type of holders",
        ["DOTNET_*"] = ".NET's own",
    };

    /// <summary>Variables of services that are added by a project of their own.</summary>
    public static IReadOnlyDictionary<string, string> ByProject { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Gateway__*"] = "Gateway",
        ["Console__*"] = "TenantManager.Console",
        ["TENANT_MANAGER_CONSOLE_KEY"] = "TenantManager.Console",
    };

    public static bool Hold(this IReadOnlyDictionary<string, string> exemptions, string name) => exemptions.Keys.Any(one => Covers(one, name));

    public static bool Covers(string pattern, string name) =>
        pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : string.Equals(pattern, name, StringComparison.Ordinal);
}
