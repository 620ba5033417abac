using System.Globalization;
using Cache.Core.AspNetCore;
using Gateway.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace Gateway.Proxying;

/// <summary>How the answers of a route are cached, as its metadata say: those whose names begin with <c>Cache</c>.</summary>
internal static class RoutePolicy
{
    private const string Mark = "Cache";
    private const string Tenants = "Tenants";

    /// <exception cref="InvalidOperationException">Something in the metadata is wrong; the message names route and setting.</exception>
    public static HttpCachePolicy Of(RouteConfig route, bool hasTenants)
    {
        _ = AdmitsTenants(route, hasTenants);
        var policy = new HttpCachePolicy
        {
            // Routes that share paths and lead apart by fields must not share answers.
            KeyHeaders = [.. (route.Match.Headers ?? []).Select(static field => field.Name)],
        };
        foreach (var (name, text) in route.Metadata ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (IsOurs(name))
                policy = With(policy, route, name, text, hasTenants);
        }

        if (hasTenants && !AdmitsTenants(route, hasTenants))
        {
            return policy.IsOff || !HasCacheSettings(route)
                ? HttpCachePolicy.None
                : throw Wrong(route, Tenants, "is 'passed': nothing is cached then, for nobody has looked at whose it is. Leave the route's Cache settings out.");
        }

        if (policy.IsOff)
            policy = policy with { KeyHeaders = [] };
        try
        {
            policy.Validate();
        }
        catch (InvalidOperationException wrong)
        {
            throw Wrong(route, wrong.Data["property"] is nameof(HttpCachePolicy.IsOff) ? Mark : $"{Mark}{wrong.Data["property"]}", wrong.Message[(wrong.Message.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        }

        return policy;
    }

    /// <summary>Whether requests by the route are admitted tenants', as all are in a gateway with tenants, unless the origin is to look at them itself.</summary>
    /// <exception cref="InvalidOperationException">The setting is wrong; the message names it.</exception>
    public static bool AdmitsTenants(RouteConfig route, bool hasTenants) =>
        route.Metadata?.TryGetValue(Tenants, out var text) == true
            ? OneOf(route, Tenants, text, "admitted", "passed") == "admitted" && hasTenants
            : hasTenants;

    private static bool HasCacheSettings(RouteConfig route) => route.Metadata?.Keys.Any(IsOurs) == true;

    private static bool IsOurs(string name) => name.StartsWith(Mark, StringComparison.OrdinalIgnoreCase);

    private static HttpCachePolicy With(HttpCachePolicy policy, RouteConfig route, string name, string text, bool hasTenants) => name[Mark.Length..].ToLowerInvariant() switch
    {
        "" => policy with { IsOff = OneOf(route, name, text, "origin", "off") == "off" },
        "lifetime" => policy with { Lifetime = Time(route, name, text) },
        "notfoundlifetime" => policy with { NotFoundLifetime = Time(route, name, text) },
        "errorlifetime" => policy with { ErrorLifetime = Time(route, name, text) },
        "stalewhilerevalidate" => policy with { StaleWhileRevalidate = Time(route, name, text) },
        "staleiferror" => policy with { StaleIfError = Time(route, name, text) },
        "keyheaders" => policy with { KeyHeaders = [.. policy.KeyHeaders, .. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)] },
        "authorized" when !hasTenants => throw Wrong(route, name, "says that a tenant's answers are shared within it, but the gateway has no tenants: set MULTI_TENANT_URL, or leave it out."),
        "authorized" => policy with { SharesAuthorized = OneOf(route, name, text, "origin", "tenant") == "tenant" },
        _ => throw Wrong(route, name, "is not known; expected Cache, CacheLifetime, CacheNotFoundLifetime, CacheErrorLifetime, CacheStaleWhileRevalidate, CacheStaleIfError, CacheKeyHeaders or CacheAuthorized."),
    };

    private static TimeSpan Time(RouteConfig route, string name, string text) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time : throw Wrong(route, name, $"is '{text}'; expected a time such as 00:01:00.");

    private static string OneOf(RouteConfig route, string name, string text, string usual, string other) =>
        text.Equals(usual, StringComparison.OrdinalIgnoreCase) ? usual
            : text.Equals(other, StringComparison.OrdinalIgnoreCase) ? other
            : throw Wrong(route, name, $"is '{text}'; expected '{usual}' or '{other}'.");

    private static InvalidOperationException Wrong(RouteConfig route, string name, string what) => GatewaySettings.Wrong($"{ProxyExtensions.MetadataOf(route.RouteId)}:{name}", what);
}
