using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TenantPlatform.LocalServers;

namespace TenantPlatform.Servers;

/// <summary>Adds a Valkey Cluster to an application model.</summary>
public static class ValkeyClusterExtensions
{
    /// <summary>Adds a cluster of primaries, each with one replica, as resources of their own: <c>name-1</c> and so on, primaries first.</summary>
    /// <remarks>
    /// Its nodes are processes of this machine also where a container engine answers: nodes tell clients each other's addresses, and
    /// those that containers have are not reachable from outside their network. They keep nothing over a restart of the AppHost.
    /// </remarks>
    /// <example><code>var valkey = builder.AddValkeyCluster("valkey");</code></example>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name, and the connection string's.</param>
    /// <param name="primaries">How many primaries there are, at least three.</param>
    /// <param name="nodeTimeout">After how long without a sign of life a node counts as lost; null: one second.</param>
    /// <param name="configureNode">Told of every node; null: nobody is.</param>
    public static IResourceBuilder<ValkeyClusterResource> AddValkeyCluster(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        int primaries = 3,
        TimeSpan? nodeTimeout = null,
        Action<IResourceBuilder<ValkeyResource>>? configureNode = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(primaries, 3);

        var password = builder.AddParameter($"{name}-password", new GenerateParameterDefault { MinLength = 22, Special = false }, secret: true, persist: true);
        var cluster = new ValkeyClusterResource(name, password.Resource);
        var check = $"{name}_check";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(check, _ => new ValkeyClusterHealthCheck(cluster), failureStatus: null, tags: null));
        builder.Services.TryAddEventingSubscriber<ValkeyClusterFormation>();
        var resource = builder.AddResource(cluster)
            .WithIconName("DatabaseLightning")
            .WithHealthCheck(check)
            .WithInitialState(new CustomResourceSnapshot { ResourceType = "Valkey Cluster", Properties = [], State = KnownResourceStates.Starting })
            .ExcludeFromManifest();
        for (var n = 1; n <= primaries * 2; n++)
        {
            var node = builder.AddValkey(string.Create(CultureInfo.InvariantCulture, $"{name}-{n}"), password: password)
                .WithAnnotation(new ValkeyClusterNodeAnnotation(nodeTimeout ?? TimeSpan.FromSeconds(1)))
                .WithAnnotation(new AlwaysProcessAnnotation("a cluster's nodes tell clients their addresses, which are not reachable in a container"))
                .RunAsProcessWithoutEngine()
                .WithParentRelationship(resource);
            cluster.Add(node.Resource);
            configureNode?.Invoke(node);
        }

        return resource;
    }
}
