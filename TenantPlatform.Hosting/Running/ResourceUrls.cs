using System.Collections.Immutable;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace TenantPlatform.Hosting.Running;

/// <summary>The addresses of a replica that people are shown.</summary>
internal static class ResourceUrls
{
    public static async Task<ImmutableArray<UrlSnapshot>> OfAsync(IResource resource, Replica replica, IServiceProvider services, CancellationToken cancellationToken)
    {
        var context = new ResourceUrlsCallbackContext(
            services.GetRequiredService<DistributedApplicationExecutionContext>(), resource, [.. OfEndpoints(resource)], cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>())
            await annotation.Callback(context);
        var own = resource.Annotations.OfType<EndpointAnnotation>()
            .Where(endpoint => replica.PortOf(endpoint) != endpoint.AllocatedEndpoint!.Port)
            .Select(endpoint => new UrlSnapshot(endpoint.Name, replica.AddressOf(endpoint).ToString().TrimEnd('/'), IsInternal: true)
            {
                DisplayProperties = new UrlDisplayPropertiesSnapshot($"{replica.Id} itself"),
            });
        return [.. context.Urls.OrderByDescending(url => url.DisplayOrder ?? 0).Select(Snapshot), .. own];
    }

    private static IEnumerable<ResourceUrlAnnotation> OfEndpoints(IResource resource) =>
        from endpoint in resource.Annotations.OfType<EndpointAnnotation>()
        select new ResourceUrlAnnotation
        {
            Url = endpoint.AllocatedEndpoint!.UriString,
            Endpoint = resource is IResourceWithEndpoints owner ? new EndpointReference(owner, endpoint.Name) : null,
        };

    private static UrlSnapshot Snapshot(ResourceUrlAnnotation url) => new(
        url.Endpoint?.EndpointName,
        url.Endpoint is { } endpoint && url.Url.StartsWith('/') ? endpoint.Url + url.Url : url.Url,
        IsInternal: url.DisplayLocation == UrlDisplayLocation.DetailsOnly)
    {
        DisplayProperties = new UrlDisplayPropertiesSnapshot(url.DisplayText ?? string.Empty, url.DisplayOrder ?? 0),
    };
}
