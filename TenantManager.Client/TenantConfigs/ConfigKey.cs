using System.Buffers;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;

namespace TenantManager.Client.TenantConfigs;

/// <summary>The cache key of a tenant's configuration, shared with the Go implementation.</summary>
internal static class ConfigKey
{
    /// <summary>Put before the key in Valkey unless the application says otherwise; the Go implementation does the same.</summary>
    public const string DefaultPrefix = "tm-config:";

    private const string Kind = "tenant-connections:";
    private const int LongestBuffered = 512;

    [ThreadStatic]
    private static char[]? _buffer;

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

    /// <summary>
    /// The key in this thread's buffer, valid until the thread's next call: for looking it up without making a text.
    /// Empty, which is nobody's key, when there is no tenant or service or they are longer than any real ones.
    /// </summary>
    /// <remarks>
    /// Not validated: a tenant id holds no colon, so different pairs never share a key, and no entry was ever stored
    /// under a service's name that <see cref="For"/> refuses.
    /// </remarks>
    public static ReadOnlySpan<char> Buffered(TenantId tenant, string? service)
    {
        var id = tenant.Value;
        if (service is null || id.Length == 0 || Kind.Length + id.Length + 1 + service.Length > LongestBuffered)
            return default;
        var buffer = _buffer ?? NewBuffer();
        var rest = buffer.AsSpan(Kind.Length);
        id.CopyTo(rest);
        rest[id.Length] = ':';
        service.CopyTo(rest[(id.Length + 1)..]);
        return new ReadOnlySpan<char>(buffer, 0, Kind.Length + id.Length + 1 + service.Length);
    }

    /// <summary>Whether a configuration is of the tenant that the key names.</summary>
    public static bool IsOf(string key, TenantConfig config)
    {
        var tenant = key.AsSpan(Math.Min(Kind.Length, key.Length));
        var end = tenant.IndexOf(':');
        return end > 0 && TenantId.TryParse(config.Id, out var id) && tenant[..end].SequenceEqual(id.Value);
    }

    private static char[] NewBuffer()
    {
        var buffer = new char[LongestBuffered];
        Kind.CopyTo(buffer);
        return _buffer = buffer;
    }

    /// <summary>Whether a text is fit for a key and a path.</summary>
    public static bool IsServiceName(string? service) => !string.IsNullOrEmpty(service) && !service.AsSpan().ContainsAnyExcept(ServiceName);
}
