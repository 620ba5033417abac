using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using TenantPlatform.Hosting.Model;

namespace Aspire.Hosting;

/// <summary>Valkey.</summary>
public static class ValkeyBuilderExtensions
{
    /// <summary>Adds a Valkey server with a password, generated unless given.</summary>
    public static IResourceBuilder<ValkeyResource> AddValkey(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var secret = password?.Resource ?? ParameterResourceBuilderExtensions.GeneratedPassword(builder, $"{name}-password");
        return builder.AddResource(new ValkeyResource(name, secret))
            .WithImage("valkey/valkey", "8.1").WithImageRegistry("docker.io")
            .WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, name: ValkeyResource.PrimaryEndpointName, port: port, targetPort: 6379));
    }

    /// <summary>Keeps the data between runs.</summary>
    public static IResourceBuilder<ValkeyResource> WithDataVolume(this IResourceBuilder<ValkeyResource> builder, string? name = null, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new DataVolumeAnnotation(name), ResourceAnnotationMutationBehavior.Replace).WithPersistence();
    }

    /// <summary>Writes the data down when it has changed.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="interval">How often; every minute unless told.</param>
    /// <param name="keysChangedThreshold">How many changes make it worth while.</param>
    public static IResourceBuilder<ValkeyResource> WithPersistence(
        this IResourceBuilder<ValkeyResource> builder, TimeSpan? interval = null, long keysChangedThreshold = 1)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(
            new PersistenceAnnotation(interval ?? TimeSpan.FromSeconds(60), keysChangedThreshold), ResourceAnnotationMutationBehavior.Replace);
    }
}
