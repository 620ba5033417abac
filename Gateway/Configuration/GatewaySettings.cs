using System.Globalization;
using Cache.Core;
using Cache.Core.AspNetCore;
using TenantManager.Client.Middleware;

namespace Gateway.Configuration;

/// <summary>The gateway's own settings. Routes and clusters are YARP's (<c>ReverseProxy</c>); an origin alone takes their place.</summary>
internal sealed record GatewaySettings
{
    private const int ShortestKey = 16;

    /// <summary>The one origin of everything; null where routes are given.</summary>
    public Uri? Origin { get; private init; }

    public TimeSpan? L1TimeToLive { get; private init; }

    public ByteSize? L1ByteCapacity { get; private init; }

    public ByteSize? LargestBody { get; private init; }

    /// <summary>What a route's metadata would say of the one origin.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; private init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What <c>POST /purge</c> is guarded by; null: there is none.</summary>
    public string? PurgeKey { get; private init; }

    /// <summary>Whether requests are tenants', and none other are let through: where a tenant-manager is named.</summary>
    public bool HasTenants { get; private init; }

    /// <exception cref="InvalidOperationException">A setting is wrong; the message names it.</exception>
    public static GatewaySettings Read(IConfiguration configuration)
    {
        var settings = ReadAll(configuration);
        return settings.Origin is not null || configuration.GetSection("ReverseProxy:Routes").GetChildren().Any()
            ? settings
            : throw Wrong("Gateway:Origin", "is not set, one origin for all, and neither is ReverseProxy:Routes: there is nothing to be a gateway for.");
    }

    private static GatewaySettings ReadAll(IConfiguration configuration) => new()
    {
        Origin = Setting(configuration, "Gateway:Origin", static text =>
            Uri.TryCreate(text, UriKind.Absolute, out var origin) && origin.Scheme is "http" or "https" ? origin : null, "an address such as http://127.0.0.1:8000"),
        Metadata = configuration.GetSection("Gateway:Metadata").GetChildren().ToDictionary(static one => one.Key, static one => one.Value ?? string.Empty, StringComparer.OrdinalIgnoreCase),
        L1TimeToLive = Value(configuration, "Gateway:L1TimeToLive", static text =>
            TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var life) && life > TimeSpan.Zero ? life : (TimeSpan?)null, "a time such as 00:01:00"),
        L1ByteCapacity = Value(configuration, "Gateway:L1ByteCapacity", Bytes, "a size such as 128MB"),
        LargestBody = Value(configuration, "Gateway:LargestBody", Bytes, "a size such as 16MB"),
        HasTenants = !string.IsNullOrEmpty(configuration["MULTI_TENANT_URL"]),
        PurgeKey = Setting(configuration, "Gateway:PurgeKey", static text => text.Length >= ShortestKey ? text : null, $"a secret of {ShortestKey} characters or more"),
    };

    /// <summary>Changes the cache's options where something is set.</summary>
    public void Apply(HttpCacheOptions options)
    {
        options.Name = "gateway";
        if (HasTenants)
            options.PartitionOf = static context => context.Features.Get<AdmittedTenant>()?.Tenant.Value;
        options.L1TimeToLive = L1TimeToLive ?? options.L1TimeToLive;
        options.L1ByteCapacity = L1ByteCapacity ?? options.L1ByteCapacity;
        options.LargestBody = LargestBody ?? options.LargestBody;
    }

    private static ByteSize? Bytes(string text)
    {
        try
        {
            return ByteSize.Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static T? Setting<T>(IConfiguration configuration, string name, Func<string, T?> parse, string expected)
        where T : class =>
        configuration[name] is { Length: > 0 } text ? parse(text) ?? throw Wrong(name, $"is not {expected}.") : null;

    private static T? Value<T>(IConfiguration configuration, string name, Func<string, T?> parse, string expected)
        where T : struct =>
        configuration[name] is { Length: > 0 } text ? parse(text) ?? throw Wrong(name, $"is not {expected}.") : null;

    /// <summary>What says of a setting what is wrong with it.</summary>
    public static InvalidOperationException Wrong(string name, string what) => new($"{name} {what}") { Data = { ["setting"] = name } };
}
