using System.Buffers;

namespace TenantManager.Contracts.Configuration;

/// <summary>The key of a tenant's configuration in the shared cache, the same as the Go implementation's.</summary>
public static class TenantConfigKey
{
    /// <summary>Put before the key in Valkey unless the application says otherwise; the Go implementation does the same.</summary>
    public const string DefaultPrefix = "tm-config:";

    /// <summary>What every key begins with, without the cache's prefix.</summary>
    public const string Kind = "tenant-connections:";

    private static readonly SearchValues<char> ServiceName =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-");

    /// <summary>The key, without the cache's prefix.</summary>
    /// <exception cref="ArgumentException">There is no tenant, or the service's name would break out of a key or a path.</exception>
    public static string For(TenantId tenant, string service)
    {
        if (tenant == default)
            throw new ArgumentException("There is no tenant id.", nameof(tenant));
        if (!IsServiceName(service))
            throw new ArgumentException("A service's name has letters, digits, '_' and '-' only.", nameof(service));
        return $"{Kind}{tenant.Value}:{service}";
    }

    /// <summary>Whether a configuration is of the tenant that the key names.</summary>
    public static bool IsOf(string key, TenantConfig config)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(config);
        var tenant = key.AsSpan(Math.Min(Kind.Length, key.Length));
        var end = tenant.IndexOf(':');
        return end > 0 && TenantId.TryParse(config.Id, out var id) && tenant[..end].SequenceEqual(id.Value);
    }

    /// <summary>Whether a text is fit for a key and a path.</summary>
    public static bool IsServiceName(string? service) => !string.IsNullOrEmpty(service) && !service.AsSpan().ContainsAnyExcept(ServiceName);
}
