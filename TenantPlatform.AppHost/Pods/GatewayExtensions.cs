using System.Globalization;

namespace TenantPlatform.AppHost.Pods;

/// <summary>Where the gateway leads, as settings of YARP and of the gateway.</summary>
internal static class GatewayExtensions
{
    private const string Routes = "ReverseProxy__Routes__", Clusters = "ReverseProxy__Clusters__";

    /// <summary>Leads <c>/SERVICE/…</c> to the service's pods, spare ones included, which are left out until they answer.</summary>
    public static IResourceBuilder<ProjectResource> WithRoute(this IResourceBuilder<ProjectResource> gateway, PodGroup pods, bool admitsTenants = false) =>
        gateway.WithRoute(pods.Service, pods.All, admitsTenants);

    /// <summary>Leads <c>/SERVICE/…</c> to a service.</summary>
    public static IResourceBuilder<ProjectResource> WithRoute(this IResourceBuilder<ProjectResource> gateway, IResourceBuilder<ProjectResource> service) =>
        gateway.WithRoute(service.Resource.Name, [service], admitsTenants: false);

    /// <summary>Keeps what a service answers below one of its paths for so long, for each tenant by itself: what changes there by the gateway is told anew at once.</summary>
    public static IResourceBuilder<ProjectResource> WithCached(this IResourceBuilder<ProjectResource> gateway, PodGroup pods, TimeSpan lifetime, params string[] paths)
    {
        for (var n = 0; n < paths.Length; n++)
        {
            var route = string.Create(CultureInfo.InvariantCulture, $"{pods.Service}-cached-{n + 1}");
            gateway.WithPath(route, pods.Service, paths[n])
                .WithEnvironment($"{Routes}{route}__Metadata__CacheLifetime", lifetime.ToString("c", CultureInfo.InvariantCulture))
                .WithEnvironment($"{Routes}{route}__Metadata__CacheAuthorized", "tenant");
        }

        return gateway;
    }

    private static IResourceBuilder<ProjectResource> WithRoute(
        this IResourceBuilder<ProjectResource> gateway, string service, IEnumerable<IResourceBuilder<ProjectResource>> pods, bool admitsTenants)
    {
        gateway.WithPath(service, service, "/{**path}")
            .WithEnvironment($"{Routes}{service}__Metadata__Tenants", admitsTenants ? "admitted" : "passed")

            // A pod that drains is left out before it stops to listen, and a frozen one before the first request to it is given up.
            .WithEnvironment($"{Clusters}{service}__HttpRequest__ActivityTimeout", "00:00:10")
            .WithEnvironment($"{Clusters}{service}__HealthCheck__Active__Enabled", "true")
            .WithEnvironment($"{Clusters}{service}__HealthCheck__Active__Path", "/health/ready")
            .WithEnvironment($"{Clusters}{service}__HealthCheck__Active__Interval", "00:00:01")
            .WithEnvironment($"{Clusters}{service}__HealthCheck__Active__Timeout", "00:00:02");
        foreach (var pod in pods)
            gateway.WithEnvironment($"{Clusters}{service}__Destinations__{pod.Resource.Name}__Address", pod.GetEndpoint("http"));
        return gateway;
    }

    private static IResourceBuilder<ProjectResource> WithPath(this IResourceBuilder<ProjectResource> gateway, string route, string service, string path) => gateway
        .WithEnvironment($"{Routes}{route}__ClusterId", service)
        .WithEnvironment($"{Routes}{route}__Match__Path", $"/{service}{path}")
        .WithEnvironment($"{Routes}{route}__Transforms__0__PathRemovePrefix", $"/{service}");
}
