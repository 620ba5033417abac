using Microsoft.Extensions.DependencyInjection.Extensions;
using TenantPlatform.Observer.Manager;
using TenantPlatform.Observer.Pods;
using TenantPlatform.Observer.Reporting;
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
        services.AddSingleton<ObserverMetrics>();
        services.AddSingleton<Observations>();
        services.AddSingleton<ChangeWatch>();
        services.AddHostedService<ObserverService>();
    }
}
