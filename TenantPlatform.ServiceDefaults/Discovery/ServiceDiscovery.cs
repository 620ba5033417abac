using Microsoft.Extensions.DependencyInjection;

namespace TenantPlatform.ServiceDefaults.Discovery;

/// <summary>Service discovery by Microsoft.Extensions.ServiceDiscovery.</summary>
internal static class ServiceDiscovery
{
    public static void Add(IServiceCollection services)
    {
        services.AddServiceDiscovery();
        services.ConfigureHttpClientDefaults(client => client.AddServiceDiscovery());
    }
}
