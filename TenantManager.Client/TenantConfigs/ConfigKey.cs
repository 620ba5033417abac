using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;

namespace TenantManager.Client.TenantConfigs;

/// <summary>The cache key of a tenant's configuration, for looking it up without making a text.</summary>
internal static class ConfigKey
{
    private const int LongestBuffered = 512;

    [ThreadStatic]
    private static char[]? _buffer;

    /// <summary>
    /// The key in this thread's buffer, valid until the thread's next call. Empty, which is nobody's key, when there is no tenant or
    /// service or they are longer than any real ones.
    /// </summary>
    /// <remarks>
    /// Not validated: a tenant id holds no colon, so different pairs never share a key, and no entry was ever stored
    /// under a service's name that <see cref="TenantConfigKey.For"/> refuses.
    /// </remarks>
    public static ReadOnlySpan<char> Buffered(TenantId tenant, string? service)
    {
        var id = tenant.Value;
        if (service is null || id.Length == 0 || TenantConfigKey.Kind.Length + id.Length + 1 + service.Length > LongestBuffered)
            return default;
        var buffer = _buffer ?? NewBuffer();
        var rest = buffer.AsSpan(TenantConfigKey.Kind.Length);
        id.CopyTo(rest);
        rest[id.Length] = ':';
        service.CopyTo(rest[(id.Length + 1)..]);
        return new ReadOnlySpan<char>(buffer, 0, TenantConfigKey.Kind.Length + id.Length + 1 + service.Length);
    }

    private static char[] NewBuffer()
    {
        var buffer = new char[LongestBuffered];
        TenantConfigKey.Kind.CopyTo(buffer);
        return _buffer = buffer;
    }
}
