using System.Text.Json;
using Cache.Core.Coherence;
using Cache.Core.Formats;
using Cache.Core.Membership;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Cache.Core.Valkey.Ring;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
    /// <remarks>There is one connection: once added, adding it again changes nothing.</remarks>
    /// <exception cref="ValkeyConfigurationException">A setting is missing or wrong; the message names it.</exception>
    public static IServiceCollection AddValkey(this IServiceCollection services, IConfiguration configuration) => services.AddConnection(configuration, connectionName: null);

    /// <param name="services">The services.</param>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="connectionName">The only connection that will do; null for whichever of the settings names one.</param>
    internal static IServiceCollection AddConnection(this IServiceCollection services, IConfiguration configuration, string? connectionName)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(static service => service.ServiceType == typeof(ValkeyOptions)))
            return services;
        var options = connectionName is null ? ValkeySettings.Read(configuration) : ValkeySettings.Read(configuration, connectionName);
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        if (options.Mode == ValkeyMode.Ring)
            services.AddRing();
        else
            services.AddOne();
        services.TryAddSingleton(CoherenceSettings.Read(configuration));
        services.TryAddSingleton(OpenCoherence);
        services.AddHealthChecks().AddCheck<ValkeyHealthCheck>("redis", tags: ["ready"]);
        return services;
    }

    private static void AddOne(this IServiceCollection services)
    {
        services.TryAddSingleton(static provider => new ValkeyConnection(
            provider.GetRequiredService<ValkeyOptions>(), provider.GetRequiredService<ILogger<ValkeyConnection>>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ICacheClient, ValkeyClient>();
        services.TryAddSingleton<IPubSub, ValkeyPubSub>();
        services.TryAddSingleton<IMembership, ValkeyMembership>();
        services.AddHostedService<ValkeyOpener>();
    }

    private static void AddRing(this IServiceCollection services)
    {
        services.TryAddSingleton(static provider => new RingNodes(
            provider.GetRequiredService<ValkeyOptions>(), provider.GetRequiredService<ILoggerFactory>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ICacheClient, RingClient>();
        services.TryAddSingleton<IPubSub, RingPubSub>();
        services.TryAddSingleton<IMembership, RingMembership>();
        services.AddHostedService<RingOpener>();
    }

    /// <summary>
    /// Adds a <see cref="TieredCache"/> over L1 and the registered Valkey, and makes it the <see cref="HybridCache"/>: in place of one
    /// that was registered before, and ahead of an <c>AddHybridCache()</c> that comes later. An <see cref="IConfigCache"/> registered
    /// before stays. Without <see cref="AddValkey"/> it lives in this process only.
    /// </summary>
    /// <remarks>
    /// <para>What the application has said by <c>AddHybridCache(options => …)</c> is honoured for calls through <see cref="HybridCache"/>:
    /// <c>DefaultEntryOptions</c> for calls without options, <c>MaximumKeyLength</c>, <c>MaximumPayloadBytes</c> unless
    /// <see cref="TieredCacheOptions.LargestL2Value"/> is set. <c>DisableCompression</c> means nothing: values are not compressed.</para>
    /// <para>Adding it again replaces it, its options included. The container disposes it.</para>
    /// </remarks>
    /// <param name="services">The services. Serializers registered as <see cref="IHybridCacheSerializer{T}"/> or factories are used.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <param name="json">How values look as JSON in L2 where no registered serializer takes them; web defaults when null.</param>
    /// <exception cref="InvalidOperationException">An option is out of range; the message names it.</exception>
    public static IServiceCollection AddTieredCache(
        this IServiceCollection services, Action<TieredCacheOptions>? configure = null, JsonSerializerOptions? json = null) =>
        services.AddTieredCache(new TieredCacheOptions(), configure, json);

    /// <summary>
    /// As <see cref="AddTieredCache(IServiceCollection, Action{TieredCacheOptions}?, JsonSerializerOptions?)"/>, with options from configuration
    /// (<see cref="TieredCacheSettings"/>), and with Valkey (<see cref="AddValkey"/>) where a whole configuration names one: the whole
    /// registration in one call.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The whole configuration, of which the section <c>Cache</c> and the environment names are read; or a section, which alone is read.</param>
    /// <param name="configure">Has the last word.</param>
    /// <param name="json">How values look as JSON in L2 where no registered serializer takes them; web defaults when null.</param>
    /// <exception cref="CacheConfigurationException">A setting is unknown, missing or wrong; the message names it.</exception>
    /// <exception cref="InvalidOperationException">An option that <paramref name="configure"/> has set is out of range; the message names it.</exception>
    public static IServiceCollection AddTieredCache(
        this IServiceCollection services, IConfiguration configuration, Action<TieredCacheOptions>? configure = null, JsonSerializerOptions? json = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = TieredCacheSettings.Read(configuration);
        if (configuration is not IConfigurationSection && ValkeySettings.IsConfigured(configuration))
            services.AddValkey(configuration);
        return services.AddTieredCache(options, configure, json);
    }

    /// <summary>
    /// Adds a further cache, with bounds, lifetimes and a prefix of its own, as a keyed <see cref="TieredCache"/>, <see cref="HybridCache"/> and
    /// <see cref="IConfigCache"/>. It shares the connection to Valkey and nothing else.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="serviceKey">Its key among the services. Its prefix is <c>cache-KEY:</c> unless the options say otherwise.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <param name="json">How values look as JSON in L2 where no registered serializer takes them; web defaults when null.</param>
    /// <exception cref="InvalidOperationException">An option is out of range; the message names it.</exception>
    public static IServiceCollection AddKeyedTieredCache(
        this IServiceCollection services, object serviceKey, Action<TieredCacheOptions>? configure = null, JsonSerializerOptions? json = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(serviceKey);
        return services.AddKeyedTieredCache(serviceKey, KeyedOptions(serviceKey), configure, json);
    }

    /// <summary>As <see cref="AddKeyedTieredCache(IServiceCollection, object, Action{TieredCacheOptions}?, JsonSerializerOptions?)"/>, with options from a section of the configuration.</summary>
    /// <param name="services">The services.</param>
    /// <param name="serviceKey">Its key among the services.</param>
    /// <param name="section">Settings named like the options (<see cref="TieredCacheSettings"/>).</param>
    /// <param name="configure">Has the last word.</param>
    /// <param name="json">How values look as JSON in L2 where no registered serializer takes them; web defaults when null.</param>
    /// <exception cref="CacheConfigurationException">A setting is unknown or wrong; the message names it.</exception>
    public static IServiceCollection AddKeyedTieredCache(
        this IServiceCollection services,
        object serviceKey,
        IConfigurationSection section,
        Action<TieredCacheOptions>? configure = null,
        JsonSerializerOptions? json = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(serviceKey);
        ArgumentNullException.ThrowIfNull(section);
        var options = KeyedOptions(serviceKey);
        TieredCacheSettings.Read(section, options);
        return services.AddKeyedTieredCache(serviceKey, options, configure, json);
    }

    /// <summary>
    /// Has the coherence channel follow the keys under a prefix: for a <see cref="TieredCache"/> that is not made by
    /// <see cref="AddTieredCache(IServiceCollection, Action{TieredCacheOptions}?, JsonSerializerOptions?)"/>, which then is given the registered <see cref="ICoherence"/>.
    /// </summary>
    public static IServiceCollection AddCoherentPrefix(this IServiceCollection services, string prefix)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(prefix);
        return services.AddSingleton(new CoherencePrefix(prefix));
    }

    internal static IServiceCollection AddTieredCache(
        this IServiceCollection services, TieredCacheOptions options, Action<TieredCacheOptions>? configure, JsonSerializerOptions? json)
    {
        ArgumentNullException.ThrowIfNull(services);
        configure?.Invoke(options);
        options.Validate();
        services.AddCoherentPrefix(options.KeyPrefix);
        services.RemoveAll<TieredCache>();
        services.RemoveAll<HybridCache>();
        services.AddSingleton(provider => Create(provider, services, options, json));
        services.AddSingleton<HybridCache>(static provider => provider.GetRequiredService<TieredCache>());
        services.TryAddSingleton<IConfigCache>(static provider => provider.GetRequiredService<TieredCache>());
        return services;
    }

    private static IServiceCollection AddKeyedTieredCache(
        this IServiceCollection services, object serviceKey, TieredCacheOptions options, Action<TieredCacheOptions>? configure, JsonSerializerOptions? json)
    {
        configure?.Invoke(options);
        options.Validate();
        services.AddCoherentPrefix(options.KeyPrefix);
        services.RemoveAllKeyed<TieredCache>(serviceKey);
        services.RemoveAllKeyed<HybridCache>(serviceKey);
        services.AddKeyedSingleton(serviceKey, (provider, _) => Create(provider, services, options, json));
        services.AddKeyedSingleton<HybridCache>(serviceKey, static (provider, key) => provider.GetRequiredKeyedService<TieredCache>(key));
        services.TryAddKeyedSingleton<IConfigCache>(serviceKey, static (provider, key) => provider.GetRequiredKeyedService<TieredCache>(key));
        return services;
    }

    // Not 'cache:KEY:', which begins with the prefix of the cache without a key.
    private static TieredCacheOptions KeyedOptions(object serviceKey) => new() { KeyPrefix = $"cache-{serviceKey}:" };

    private static TieredCache Create(IServiceProvider provider, IServiceCollection services, TieredCacheOptions options, JsonSerializerOptions? json)
    {
        var hybrid = HybridSettings.Of(provider, services);
        if (hybrid.LargestValue is { } largest && options.LargestL2Value == TieredCacheOptions.DefaultLargestL2Value)
            options.LargestL2Value = largest;
        var logger = provider.GetService<ILogger<TieredCache>>();
        if (hybrid.IsLost)
            logger?.LogWarning("What AddHybridCache(options => …) was told cannot be read in a trimmed program: set TieredCacheOptions instead");
        var serializers = new RegisteredSerializers(provider, json);
        return new TieredCache(
            options,
            hybrid,
            serializers,
            SharedTier(provider, options, json ?? JsonDefaults.Web, serializers),
            provider.GetService<TimeProvider>(),
            logger,
            provider.GetService<ICoherence>());
    }

    private static ValkeyConfigCache? SharedTier(
        IServiceProvider provider, TieredCacheOptions options, JsonSerializerOptions json, RegisteredSerializers serializers)
    {
        if (provider.GetService<ICacheClient>() is not { } client)
            return null;
        IValueFormat format = options.Format == CacheFormat.PlainJson
            ? new PlainJsonFormat(json)
            : new EnvelopeFormat(serializers);
        return new ValkeyConfigCache(client, options.KeyPrefix, ValkeyConfigCache.Encrypted(format, provider.GetService<ValkeyOptions>()?.EncryptionKeys));
    }

    private static ICoherence OpenCoherence(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<CoherenceOptions>();
        var prefixes = provider.GetServices<CoherencePrefix>().Select(prefix => prefix.Value).ToList();
        if (options.Mode == CoherenceMode.Off || prefixes.Count == 0)
            return NoCoherence.Instance;
        var ring = provider.GetService<RingNodes>();
        var coherence = new ChannelCoherence(
            provider.GetRequiredService<ValkeyOptions>(),
            options,
            prefixes,
            provider.GetRequiredService<IPubSub>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ChannelCoherence>>(),
            ring is null ? null : ring.UsedAsync,
            ring is null ? null : ring.Concerns);
        if (ring is not null)
            ring.Changed += coherence.Reset;
        coherence.Start();
        return coherence;
    }
}
