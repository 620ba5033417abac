using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace TenantPlatform.ServiceDefaults.Resilience;

/// <summary>HTTP resilience from Polly's core, with the limits of the standard handler.</summary>
internal static class HttpResilience
{
    public static void Add(IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ResiliencePipelines>();
        services.AddTransient<ResilienceHandler>();
        services.ConfigureHttpClientDefaults(client => client.AddHttpMessageHandler<ResilienceHandler>());
    }
}
