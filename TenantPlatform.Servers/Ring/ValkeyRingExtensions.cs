using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace TenantPlatform.Servers;

/// <summary>Adds a ring of independent Valkey servers to an application model.</summary>
public static class ValkeyRingExtensions
{
    /// <summary>Adds a ring of servers with one password, as resources of their own: <c>name-1</c> and so on.</summary>
    /// <remarks>
    /// Who uses it must reach every node by the address in the connection string, since placement goes by it. The nodes keep nothing
    /// over a restart of the AppHost.
    /// </remarks>
    /// <example><code>var valkey = builder.AddValkeyRing("valkey");</code></example>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name, and the connection string's.</param>
    /// <param name="nodes">How many there are, at least two.</param>
    /// <param name="configureNode">Told of every node; null: nobody is.</param>
    public static IResourceBuilder<ValkeyRingResource> AddValkeyRing(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        int nodes = 3,
        Action<IResourceBuilder<ValkeyResource>>? configureNode = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 2);

        var password = builder.AddParameter($"{name}-password", new GenerateParameterDefault { MinLength = 22, Special = false }, secret: true, persist: true);
        var ring = new ValkeyRingResource(name, password.Resource);
        var check = $"{name}_check";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(check, _ => new ValkeyRingHealthCheck(ring), failureStatus: null, tags: null));
        var resource = builder.AddResource(ring)
            .WithIconName("DatabaseLightning")
            .WithHealthCheck(check)
            .WithInitialState(new CustomResourceSnapshot { ResourceType = "Valkey ring", Properties = [], State = KnownResourceStates.Starting })
            .ExcludeFromManifest()
            .OnInitializeResource((started, initialize, _) =>
            {
                var stopping = initialize.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
                FollowStart(started, initialize, stopping);
                return Task.CompletedTask;
            });
        for (var n = 1; n <= nodes; n++)
        {
            var node = builder.AddValkey(string.Create(CultureInfo.InvariantCulture, $"{name}-{n}"), password: password)
                .RunAsProcessWithoutEngine()
                .WithParentRelationship(resource);
            ring.Add(node.Resource);
            configureNode?.Invoke(node);
        }

        return resource;
    }

    // Nothing is to be formed: the ring runs when its nodes do. One that cannot start can be started by hand.
    private static void FollowStart(ValkeyRingResource ring, InitializeResourceEvent initialize, CancellationToken cancellationToken) => _ = Task.Run(
        async () =>
        {
            foreach (var node in ring.Nodes)
                await initialize.Notifications.WaitForResourceHealthyAsync(node.Name, WaitBehavior.WaitOnResourceUnavailable, cancellationToken);
            await initialize.Eventing.PublishAsync(new ConnectionStringAvailableEvent(ring, initialize.Services), cancellationToken);
            await initialize.Notifications.PublishUpdateAsync(ring, snapshot => snapshot with { State = KnownResourceStates.Running, StartTimeStamp = DateTime.UtcNow });
        },
        cancellationToken);
}
