using Cache.Core.AspNetCore.OutputCaching;
using Cache.Core.Coherence;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Cache.Core.AspNetCore;

/// <summary>Registration of the output cache's store.</summary>
public static class OutputCacheExtensions
{
    /// <summary>
    /// Adds ASP.NET Core's output cache with its pages in both tiers. Where <see cref="CacheCoreExtensions.AddValkey"/> was called, or
    /// <c>AddTieredCache(configuration)</c>, all processes that use the same prefix share them; otherwise they live in this process. Policies are set as
    /// always, by <c>AddOutputCache(options => …)</c> before or after, and <c>app.UseOutputCache()</c> puts it into the pipeline.
    /// </summary>
    /// <remarks>
    /// <c>EvictByTagAsync</c> removes a tag's pages in every process, also those that are being rendered. While Valkey is away it does so in this
    /// process at once and in the others when Valkey is back, and nothing throws. The container disposes the store.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <exception cref="InvalidOperationException">An option is out of range; the message names it.</exception>
    public static IServiceCollection AddTieredOutputCache(this IServiceCollection services, Action<TieredOutputCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = new TieredOutputCacheOptions();
        configure?.Invoke(options);
        options.Validate();
        services.AddCoherentPrefix(options.KeyPrefix);
        services.AddHttpContextAccessor();
        services.AddOutputCache(static cache => cache.AddBasePolicy(new RenderingPolicy()));
        services.RemoveAll<IOutputCacheStore>();
        services.AddSingleton<IOutputCacheStore>(provider => new TieredOutputCacheStore(
            options,
            provider.GetService<ICacheClient>(),
            provider.GetService<ValkeyOptions>()?.EncryptionKeys,
            provider.GetService<ICoherence>(),
            provider.GetService<TimeProvider>(),
            provider.GetService<ILogger<TieredCache>>(),
            provider.GetService<IHttpContextAccessor>()));
        return services;
    }

    /// <summary>As <see cref="AddTieredOutputCache(IServiceCollection, Action{TieredOutputCacheOptions}?)"/>, with Valkey where the configuration names one: the whole registration in one call.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <exception cref="CacheConfigurationException">A setting of Valkey is wrong; the message names it.</exception>
    /// <exception cref="InvalidOperationException">An option is out of range; the message names it.</exception>
    public static IServiceCollection AddTieredOutputCache(
        this IServiceCollection services, IConfiguration configuration, Action<TieredOutputCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        if (ValkeySettings.IsConfigured(configuration))
            services.AddValkey(configuration);
        return services.AddTieredOutputCache(configure);
    }
}
