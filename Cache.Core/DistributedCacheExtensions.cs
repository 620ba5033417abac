using Cache.Core.Coherence;
using Cache.Core.Distributed;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Cache.Core;

/// <summary>Registration of <see cref="IDistributedCache"/> over both tiers.</summary>
public static class DistributedCacheExtensions
{
    /// <summary>
    /// Makes the two tiers the <see cref="IDistributedCache"/>, also as an <see cref="IBufferDistributedCache"/>, in place of one that was registered before: for
    /// sessions and whatever else is written for it. Where <see cref="CacheCoreExtensions.AddValkey"/> was called, or
    /// <c>AddTieredCache(configuration)</c>, all processes that use the same prefix share it; otherwise it lives in this process.
    /// </summary>
    /// <remarks>
    /// What is read has been written by this process, or by another one at most the coherence lease ago. Sliding expiration is never shorter than
    /// promised, and up to a tenth longer, five minutes at most. While Valkey does not answer, calls throw <see cref="CacheUnavailableException"/>, but for
    /// what L1 can prove. The container disposes it.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <exception cref="InvalidOperationException">An option is out of range; the message names it.</exception>
    public static IServiceCollection AddTieredDistributedCache(this IServiceCollection services, Action<TieredDistributedCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = new TieredDistributedCacheOptions();
        configure?.Invoke(options);
        options.Validate();
        services.AddCoherentPrefix(options.KeyPrefix);
        services.RemoveAll<IDistributedCache>();
        services.AddSingleton<IDistributedCache>(provider => new TieredDistributedCache(
            options,
            provider.GetService<ICacheClient>(),
            provider.GetService<ValkeyOptions>()?.EncryptionKeys,
            provider.GetService<ICoherence>(),
            provider.GetService<TimeProvider>(),
            provider.GetService<ILogger<TieredCache>>()));
        return services;
    }

    /// <summary>As <see cref="AddTieredDistributedCache(IServiceCollection, Action{TieredDistributedCacheOptions}?)"/>, with Valkey where the configuration names one: the whole registration in one call.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <exception cref="CacheConfigurationException">A setting of Valkey is wrong; the message names it.</exception>
    /// <exception cref="InvalidOperationException">An option is out of range; the message names it.</exception>
    public static IServiceCollection AddTieredDistributedCache(
        this IServiceCollection services, IConfiguration configuration, Action<TieredDistributedCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        if (ValkeySettings.IsConfigured(configuration))
            services.AddValkey(configuration);
        return services.AddTieredDistributedCache(configure);
    }
}
