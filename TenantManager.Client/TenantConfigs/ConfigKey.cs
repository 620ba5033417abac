using System.Buffers;
using TenantManager.Contracts;

namespace TenantManager.Client.TenantConfigs;

/// <summary>The cache key of a tenant's configuration, shared with the Go implementation.</summary>
internal static class ConfigKey
{
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
        return $"tenant-connections:{tenant.Value}:{service}";
    }

    /// <summary>Whether a text is fit for a key and a path.</summary>
    public static bool IsServiceName(string? service) => !string.IsNullOrEmpty(service) && !service.AsSpan().ContainsAnyExcept(ServiceName);
}
