using Cache.Core;
using Cache.Core.Valkey;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantPlatform.Observer.Manager;
using TenantPlatform.Observer.Pods;
using TenantPlatform.Observer.Reporting;
using TenantPlatform.Observer.Respondents;
using TenantPlatform.Observer.Valkey;
using TenantPlatform.Observer.Watching;

namespace TenantPlatform.Observer.Configuration;

/// <summary>Puts the observer together.</summary>
internal static class ObserverRegistration
{
    public static void AddObserver(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(ObserverSettings.Read(builder.Configuration));
        services.TryAddSingleton(TimeProvider.System);

        // Every question by itself, without retries: what is asked twice is not what was answered first.
        services.AddHttpClient(Question.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
            .RemoveAllResilienceHandlers()
            .RemoveAllLoggers();
        services.AddSingleton<Question>();
        services.AddSingleton<ManagerClient>();
        services.AddSingleton<PodClient>();
        AddValkey(services, builder.Configuration);
        services.AddSingleton<ObserverMetrics>();
        services.AddSingleton<Observations>();
        services.AddSingleton<Seats>();
        services.AddSingleton<ChangeFinder>();
        services.AddSingleton<ChangeWatch>();
        services.AddSingleton<ChangeWatches>();
        services.AddHostedService<ListedPods>();
        services.AddHostedService<ChangeSweeps>();
        services.AddHostedService<ChangeFollower>();
    }

    /// <summary>Where Valkey is, and the keys of encrypted values, are the pods' own settings. Without them it is not asked.</summary>
    private static void AddValkey(IServiceCollection services, IConfiguration configuration)
    {
        if (!ValkeySettings.IsConfigured(configuration))
            return;
        services.AddValkey(configuration);
        services.AddSingleton(static provider => new ValkeyConfigCache(
            provider.GetRequiredService<ICacheClient>(),
            TenantConfigKey.DefaultPrefix,
            ContractJson.Options,
            provider.GetRequiredService<ValkeyOptions>().EncryptionKeys));
        services.AddSingleton<ValkeyRespondent>();
    }
}
