using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace TenantPlatform.ServiceDefaults.Discovery;

/// <summary>Service discovery without packages: names are looked up in configuration.</summary>
internal static class ServiceDiscovery
{
    public static void Add(IServiceCollection services)
    {
        services.TryAddSingleton<ServiceEndpoints>();
        services.AddTransient<ServiceDiscoveryHandler>();
        services.ConfigureHttpClientDefaults(client => client.AddHttpMessageHandler<ServiceDiscoveryHandler>());
    }
}
