using Cache.Core;
using Cache.Core.Tiered;

namespace TenantManager.Client;

/// <summary>Chooses how tenants' configuration is cached, by default in both tiers where Valkey is configured and otherwise in memory for an hour, and as what a process is listed.</summary>
public sealed class TenantManagerClientBuilder
{
    internal Action<TieredCacheOptions>? Tiered { get; private set; }

    internal Func<IServiceProvider, IConfigCache>? Custom { get; private set; }

    internal string? Listed { get; private set; }

    /// <summary>Lists this process among the pods as an instance of this, not of the service whose tenants it admits: such as a gateway.</summary>
    public TenantManagerClientBuilder ListAs(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Listed = name;
        return this;
    }

    /// <summary>Caches in both tiers: L1 in the process, L2 in Valkey, which must be configured.</summary>
    /// <param name="configure">Changes the lifetimes and the prefix, which otherwise come from the environment.</param>
    public TenantManagerClientBuilder WithTieredCache(Action<TieredCacheOptions>? configure = null)
    {
        Tiered += configure ?? (static _ => { });
        return this;
    }

    /// <summary>Caches in a cache of the caller's own, behind L1.</summary>
    public TenantManagerClientBuilder WithConfigCache(Func<IServiceProvider, IConfigCache> cache)
    {
        ArgumentNullException.ThrowIfNull(cache);
        Custom = cache;
        return this;
    }
}
