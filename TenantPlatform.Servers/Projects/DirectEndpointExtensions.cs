using Aspire.Hosting.ApplicationModel;
using TenantPlatform.LocalServers;

namespace TenantPlatform.Servers;

/// <summary>Endpoints that clients reach without Aspire's proxy in front.</summary>
public static class DirectEndpointExtensions
{
    /// <summary>
    /// Lets the resource listen itself on the ports that its clients use. Aspire's proxy accepts connections for a process that is
    /// dead or frozen; a drill must see what a client would see.
    /// </summary>
    /// <remarks>Call it when all endpoints are there. Ports that are not fixed are chosen, and held against every other run on this machine.</remarks>
    public static IResourceBuilder<T> WithDirectEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.ApplicationBuilder.ExecutionContext.IsPublishMode)
            return builder;
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>())
        {
            var port = endpoint.TargetPort ?? endpoint.Port ?? PortReservation.Take().Port;
            endpoint.IsProxied = false;
            endpoint.Port = port;
            endpoint.TargetPort = port;
        }

        return builder;
    }
}
