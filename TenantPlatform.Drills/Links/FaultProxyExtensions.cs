using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using TenantPlatform.Servers;

namespace TenantPlatform.Drills;

/// <summary>Puts a TCP proxy between resources, whose links can be broken on purpose.</summary>
public static class FaultProxyExtensions
{
    /// <summary>Adds the fault proxy: an ordinary project, <c>TenantPlatform.FaultProxy</c>, controlled over HTTP.</summary>
    /// <typeparam name="TProject">The project's metadata, <c>Projects.TenantPlatform_FaultProxy</c>.</typeparam>
    public static IResourceBuilder<ProjectResource> AddFaultProxy<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddProject<TProject>(name, launchProfileName: null)
            .WithHttpEndpoint().WithDirectEndpoints().WithBuiltProgram().WithoutCertificate()
            .WithUrlForEndpoint("http", url =>
            {
                url.DisplayText = "Links";
                url.Url = "/links";
            })
            .WithHttpHealthCheck("/health/ready");
    }

    /// <summary>Adds a link: the proxy listens at an endpoint of that name and passes everything on to the target. Gives the proxy a drill for each fault.</summary>
    /// <param name="proxy">The proxy.</param>
    /// <param name="link">The link's name, also the endpoint's: letters, digits and dashes.</param>
    /// <param name="target">Where the bytes go.</param>
    public static IResourceBuilder<ProjectResource> WithLink(this IResourceBuilder<ProjectResource> proxy, string link, EndpointReference target)
    {
        ArgumentNullException.ThrowIfNull(proxy);
        ArgumentException.ThrowIfNullOrEmpty(link);
        ArgumentNullException.ThrowIfNull(target);
        var variable = $"FaultProxy__Links__{link}";

        // The target port is the process's own, also where an engine has a proxy of its own in front.
        proxy.WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, uriScheme: "tcp", name: link)).WithDirectEndpoints();
        proxy.WithUrlForEndpoint(link, url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly);
        var listen = proxy.GetEndpoint(link);
        proxy.WithEnvironment($"{variable}__Listen", ReferenceExpression.Create($"127.0.0.1:{listen.Property(EndpointProperty.TargetPort)}"))
            .WithEnvironment($"{variable}__Target", ReferenceExpression.Create($"{target.Property(EndpointProperty.Host)}:{target.Property(EndpointProperty.Port)}"))
            .WithReferenceRelationship(target.Resource);
        var control = proxy.GetEndpoint("http");
        foreach (var fault in LinkFault.All)
        {
            proxy.WithDrill(
                $"{fault.Name}-{link}",
                $"{fault.DisplayName} {link}",
                context => LinkDrill.SetAsync(control, link, fault, context.CancellationToken),
                new CommandOptions { Description = fault.Description, IconName = fault.IconName });
        }

        return proxy;
    }
}
