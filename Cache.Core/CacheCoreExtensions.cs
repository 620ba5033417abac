using System.Text.Json;
using Cache.Core.Coherence;
using Cache.Core.Formats;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cache.Core;

/// <summary>Registration of the cache.</summary>
public static class CacheCoreExtensions
{
    /// <summary>
    /// Adds the connection to Valkey as the settings describe it (<see cref="ValkeySettings"/>): <see cref="ICacheClient"/>,
    /// <see cref="IPubSub"/> and the health check <c>redis</c>. It connects in the background when the host starts.
    /// With it comes the <see cref="ICoherence"/> of the caches (<see cref="CoherenceSettings"/>), opened with the first of them.
    /// </summary>
    /// <exception cref="ValkeyConfigurationException">A setting is missing or wrong; the message names it.</exception>
    public static IServiceCollection AddValkey(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSingleton(ValkeySettings.Read(configuration));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ValkeyConnection>();
        services.TryAddSingleton<ICacheClient, ValkeyClient>();
        services.TryAddSingleton<IPubSub, ValkeyPubSub>();
        services.TryAddSingleton(CoherenceSettings.Read(configuration));
        services.TryAddSingleton(OpenCoherence);
        services.AddHostedService<ValkeyOpener>();
        services.AddHealthChecks().AddCheck<ValkeyHealthCheck>("redis", tags: ["ready"]);
        return services;
    }

    /// <summary>
    /// Adds a <see cref="TieredCache"/> over L1 and the registered Valkey, and with it <see cref="HybridCache"/>: it takes the
    /// place of <c>AddHybridCache()</c>. Without <see cref="AddValkey"/> it lives in this process only.
    /// </summary>
    /// <param name="services">The services. Serializers registered as <see cref="IHybridCacheSerializer{T}"/> or factories are used.</param>
    /// <param name="configure">Changes the defaults: L1 5 minutes, L2 12 hours, prefix <c>cache:</c>.</param>
    /// <param name="json">How values look as JSON in L2; web defaults when null.</param>
    /// <exception cref="InvalidOperationException">An option is out of range; the message names it.</exception>
    public static IServiceCollection AddTieredCache(
        this IServiceCollection services, Action<TieredCacheOptions>? configure = null, JsonSerializerOptions? json = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = new TieredCacheOptions { KeyPrefix = "cache:" };
        configure?.Invoke(options);
        options.Validate();
        services.AddCoherentPrefix(options.KeyPrefix);
        services.AddSingleton(provider => new TieredCache(
            options,
            SharedTier(provider, options, json ?? JsonSerializerOptions.Web),
            provider.GetService<TimeProvider>(),
            provider.GetService<ILogger<TieredCache>>(),
            provider.GetService<ICoherence>()));
        services.TryAddSingleton<IConfigCache>(provider => provider.GetRequiredService<TieredCache>());
        services.TryAddSingleton<HybridCache>(provider => provider.GetRequiredService<TieredCache>());
        return services;
    }

    /// <summary>
    /// Has the coherence channel follow the keys under a prefix: for a <see cref="TieredCache"/> that is not made by
    /// <see cref="AddTieredCache"/>, which then is given the registered <see cref="ICoherence"/>.
    /// </summary>
    public static IServiceCollection AddCoherentPrefix(this IServiceCollection services, string prefix)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(prefix);
        return services.AddSingleton(new CoherencePrefix(prefix));
    }

    private static ValkeyConfigCache? SharedTier(IServiceProvider provider, TieredCacheOptions options, JsonSerializerOptions json)
    {
        if (provider.GetService<ICacheClient>() is not { } client)
            return null;
        IValueFormat format = options.Format == CacheFormat.PlainJson
            ? new PlainJsonFormat(json)
            : new EnvelopeFormat(new RegisteredSerializers(provider, json));
        return new ValkeyConfigCache(client, options.KeyPrefix, ValkeyConfigCache.Encrypted(format, provider.GetService<ValkeyOptions>()?.EncryptionKeys));
    }

    private static ICoherence OpenCoherence(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<CoherenceOptions>();
        var prefixes = provider.GetServices<CoherencePrefix>().Select(prefix => prefix.Value).ToList();
        if (options.Mode == CoherenceMode.Off || prefixes.Count == 0)
            return NoCoherence.Instance;
        var coherence = new ChannelCoherence(
            provider.GetRequiredService<ValkeyOptions>(),
            options,
            prefixes,
            provider.GetRequiredService<IPubSub>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ChannelCoherence>>());
        coherence.Start();
        return coherence;
    }

    private sealed class ValkeyOpener(ValkeyConnection connection) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            connection.Open();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
