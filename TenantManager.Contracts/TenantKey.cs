namespace TenantManager.Contracts;

/// <summary>Keys of a service's own data about one tenant, in a store that all tenants share.</summary>
public static class TenantKey
{
    /// <summary>The key of a tenant's data: <c>tenant:{tenant}:{key}</c>.</summary>
    /// <param name="tenant">The tenant. An id that could break out of the key cannot be made.</param>
    /// <param name="key">The rest of the key, as the service likes it.</param>
    /// <exception cref="ArgumentException">There is no tenant, or no key.</exception>
    public static string For(TenantId tenant, string key)
    {
        if (tenant == default)
            throw new ArgumentException("There is no tenant id.", nameof(tenant));
        ArgumentException.ThrowIfNullOrEmpty(key);
        return $"tenant:{tenant.Value}:{key}";
    }

    /// <summary>As <see cref="For(TenantId, string)"/>, of a text that names the tenant.</summary>
    /// <exception cref="FormatException">It is no tenant id: one with <c>:</c> or anything else outside its alphabet is refused.</exception>
    public static string For(string tenant, string key) => For(TenantId.Parse(tenant), key);
}
