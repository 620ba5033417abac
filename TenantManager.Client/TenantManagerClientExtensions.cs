using Cache.Core;
using Cache.Core.Coherence;
using Cache.Core.Membership;
using Cache.Core.Snapshots;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TenantManager.Client.Configuration;
using TenantManager.Client.Databases;
using TenantManager.Client.Diagnostics;
using TenantManager.Client.Events;
using TenantManager.Client.Middleware;
using TenantManager.Client.Pods;
using TenantManager.Client.Revalidation;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantManager.Contracts.Settings;
using TenantManager.Contracts.Tokens;

namespace TenantManager.Client;

/// <summary>Registration of everything a multi-tenant API needs.</summary>
public static class TenantManagerClientExtensions
{
    private static readonly TimeSpan InMemoryTimeToLive = TimeSpan.FromHours(1);

    /// <summary>The call to the tenant-manager ends first, so that its breaker learns of it.</summary>
    private static readonly TimeSpan FetchMargin = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Adds the tenant configuration client with its cache, the lifecycle event subscriber, the per-tenant
    /// database pools and their revalidation, from the <c>MULTI_TENANT_*</c>, <c>AUTH_*</c> and Valkey settings.
    /// </summary>
    /// <exception cref="InvalidSettingException">A setting is missing or wrong; the message names it.</exception>
    /// <exception cref="CacheConfigurationException">A setting of Valkey or of the last known good is wrong; the message names it.</exception>
    public static TBuilder AddTenantManagerClient<TBuilder>(this TBuilder builder, Action<TenantManagerClientBuilder>? configure = null)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = TenantManagerSettings.Read(builder.Configuration);
        var tokens = TokenSettings.Read(name => builder.Configuration[name], builder.Environment.IsDevelopment());
        var choice = new TenantManagerClientBuilder();
        configure?.Invoke(choice);
        options.PodService = choice.Listed;

        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(Mutant.Read(builder.Configuration, builder.Environment));
        services.AddSingleton(provider => new TokenVerifier(tokens, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(tokens);
        AddHttp(services);
        services.AddSingleton<TenantManagerHttp>();
        var tiered = CacheOptions(choice, options, LastKnownGoodSettings.Read(builder.Configuration));
        services.AddKeyedSingleton(typeof(TenantConfigClient), (provider, _) => CreateCache(provider, choice, tiered)); // the container disposes it
        services.AddSingleton(provider => new TenantConfigClient(
            provider.GetRequiredKeyedService<TieredCache>(typeof(TenantConfigClient)),
            provider.GetRequiredService<TenantManagerHttp>(),
            choice.Custom is not null || provider.GetService<ICacheClient>() is not null ? tiered.L2TimeToLive : null));
        services.AddSingleton<TenantPoolOpener>();
        services.AddSingleton<TenantPools>();
        services.AddSingleton<Revocations>();
        services.AddSingleton<TenantRevalidator>();
        services.AddSingleton(provider => new TenantWork(
            options,
            provider.GetRequiredService<TenantConfigClient>(),
            provider.GetRequiredService<TenantPools>(),
            provider.GetRequiredService<TenantRevalidator>(),
            provider.GetRequiredService<Revocations>()));
        services.AddSingleton(new FeedPace(options.RevalidationInterval));
        services.AddSingleton<FeedCoverage>();
        services.AddSingleton<FeedChanges>();
        services.AddSingleton<RevalidationService>();
        services.AddHostedService(provider => provider.GetRequiredService<RevalidationService>());
        services.AddSingleton<FeedReader>();
        services.AddHostedService(provider => provider.GetRequiredService<FeedReader>());
        if (ValkeySettings.IsConfigured(builder.Configuration))
            AddValkeyAndEvents(services, builder.Configuration, options, choice.Custom is null ? tiered.KeyPrefix : null);
        else if (choice.Tiered is not null && choice.Custom is null)
            throw new InvalidSettingException("CACHE_ADDRS", "is not set, but a tiered cache is asked for: set it to the address of Valkey, such as 'valkey:6379'.");
        return builder;
    }

    /// <summary>Adds the middleware that resolves the tenant of every endpoint marked with <see cref="RequireTenant"/>.</summary>
    /// <remarks>Belongs after routing; before it, endpoints are not known yet.</remarks>
    public static IApplicationBuilder UseTenantResolution(this IApplicationBuilder app) => app.UseMiddleware<TenantResolution>();

    /// <summary>Adds what <see cref="UseTenantAdmission"/> needs beside <see cref="AddTenantManagerClient"/>.</summary>
    public static IServiceCollection AddTenantAdmission(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSingleton<AdmittedTenants>();
        services.AddHostedService(static provider => provider.GetRequiredService<AdmittedTenants>());
        return services;
    }

    /// <summary>
    /// Adds the middleware that lets the requests of tenants through that are to be served, without opening their databases, to endpoints
    /// marked with <see cref="RequireTenant"/>; the tenant is then the feature <see cref="AdmittedTenant"/>. In place of <see cref="UseTenantResolution"/>.
    /// </summary>
    public static IApplicationBuilder UseTenantAdmission(this IApplicationBuilder app) => app.UseMiddleware<TenantAdmission>();

    /// <summary>Marks endpoints that serve one tenant: a verified bearer token with a <c>tenantId</c> claim is required.</summary>
    public static TConvention RequireTenant<TConvention>(this TConvention endpoints)
        where TConvention : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.Add(endpoint => endpoint.Metadata.Add(RequireTenantMetadata.Instance));
        return endpoints;
    }

    /// <summary>
    /// Maps <c>/diagnostics/tenants/{tenant}</c>, what this process holds of the tenant, in Development only; and, where
    /// <c>MULTI_TENANT_DIAGNOSTICS_KEY</c> is set, <c>/diagnostics/tenants/{tenant}/basis</c>, what it would answer the tenant
    /// on, for callers that send that key as <c>X-API-Key</c>. Revisions and states, never values.
    /// </summary>
    public static IEndpointRouteBuilder MapTenantDiagnostics(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (endpoints.ServiceProvider.GetRequiredService<IHostEnvironment>().IsDevelopment())
            HeldTenants.Map(endpoints);
        if (endpoints.ServiceProvider.GetRequiredService<TenantManagerClientOptions>().DiagnosticsKey is { } key)
            TenantBases.Map(endpoints, key);
        return endpoints;
    }

    private static void AddHttp(IServiceCollection services) => services
        .AddHttpClient(TenantManagerHttp.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan) // bounded by the caller
        .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // would carry the service's key to wherever the answer points
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),

            // What a crowd of calls leaves behind is not to be found dead by the next one, after the way there was lost in silence.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
        })
        .RemoveAllResilienceHandlers() // retried and broken off by TenantManagerHttp: two layers would multiply, and log each attempt
        .RemoveAllLoggers();

    private static void AddValkeyAndEvents(
        IServiceCollection services, IConfiguration configuration, TenantManagerClientOptions options, string? coherentPrefix)
    {
        services.AddValkey(configuration);
        if (coherentPrefix is not null)
            services.AddCoherentPrefix(coherentPrefix);
        if (!options.Enabled)
            return;
        if (options.EnvironmentName is null)
            throw new InvalidSettingException("ENV_NAME", "is not set: it names the environment whose lifecycle events concern this service.");
        services.AddSingleton<TenantEventHandler>();
        services.AddHostedService<TenantEventListener>();
        if (options.PodHeartbeat == TimeSpan.Zero)
            return;
        services.AddSingleton<PodReporter>();
        services.AddAnnouncement(static provider => provider.GetRequiredService<PodReporter>().Announcement);
    }

    private static TieredCacheOptions CacheOptions(TenantManagerClientBuilder choice, TenantManagerClientOptions options, LastKnownGoodOptions? lastKnownGood)
    {
        // The tenants' configuration, whoever else uses this process's settings.
        if (lastKnownGood is not null)
            lastKnownGood.Chooses = static key => key.StartsWith(TenantConfigKey.Kind, StringComparison.Ordinal);
        var tiered = new TieredCacheOptions
        {
            KeyPrefix = TenantConfigKey.DefaultPrefix,
            L1TimeToLive = options.L1TimeToLive,
            L2TimeToLive = options.L2TimeToLive,
            FetchTimeout = options.Timeout + FetchMargin,
            RevisionOf = static value => (value as TenantConfig)?.Revision,
            BelongsTo = static (key, value) => value is TenantConfig config && TenantConfigKey.IsOf(key, config),
            LastKnownGood = lastKnownGood,
        };
        choice.Tiered?.Invoke(tiered);
        return tiered;
    }

    private static TieredCache CreateCache(IServiceProvider provider, TenantManagerClientBuilder choice, TieredCacheOptions tiered)
    {
        var l2 = SharedTier(provider, choice, tiered);
        if (l2 is null)
            tiered.L1TimeToLive = InMemoryTimeToLive;
        return new TieredCache(
            tiered,
            l2,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<TieredCache>>(),
            choice.Custom is null ? provider.GetService<ICoherence>() : null);
    }

    private static IConfigCache? SharedTier(IServiceProvider provider, TenantManagerClientBuilder choice, TieredCacheOptions tiered)
    {
        if (choice.Custom is { } custom)
            return custom(provider);
        return provider.GetService<ICacheClient>() is { } client ? new ValkeyConfigCache(client, tiered.KeyPrefix, ContractJson.Options, provider.GetService<ValkeyOptions>()?.EncryptionKeys) : null;
    }
}
