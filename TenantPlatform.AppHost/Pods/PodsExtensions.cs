using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace TenantPlatform.AppHost.Pods;

/// <summary>The pods of services.</summary>
internal static class PodsExtensions
{
    /// <summary>Adds a service's pods, each a resource of its own (<c>ledger-1</c>) under a row with the service's name.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="service">The service, as the tenant-manager names it.</param>
    /// <param name="title">What the pods' links say.</param>
    /// <param name="running">How many run.</param>
    /// <param name="spare">How many more wait to be started.</param>
    /// <param name="configure">Gives a pod what it depends on.</param>
    public static PodGroup AddPods<TProject>(
        this IDistributedApplicationBuilder builder, string service, string title, int running, int spare, Action<IResourceBuilder<ProjectResource>> configure)
        where TProject : IProjectMetadata, new()
    {
        if (running + spare == 0)
            return new PodGroup(service, [], []);
        var row = builder.AddRow(service);
        var pods = Enumerable.Range(1, running + spare)
            .Select(n => string.Create(CultureInfo.InvariantCulture, $"{service}-{n}"))
            .Select(name => builder.AddService<TProject>(name, title)
                .WithParentRelationship(row)
                .WithEnvironment("MULTI_TENANT_SERVICE_NAME", service)
                .WithEnvironment("MULTI_TENANT_POD_NAME", name)
                .WithEnvironment("SHUTDOWN_DRAIN_SEC", "2"))
            .ToList();
        pods.ForEach(configure);
        foreach (var pod in pods[running..])
            pod.WithExplicitStart();
        return new PodGroup(service, pods[..running], pods[running..]);
    }

    /// <summary>Makes a service known by its name: a request goes to one of its running pods, and the next one to another.</summary>
    public static IResourceBuilder<ProjectResource> WithReference(this IResourceBuilder<ProjectResource> builder, PodGroup pods)
    {
        for (var n = 0; n < pods.Running.Count; n++)
            builder.WithEnvironment(string.Create(CultureInfo.InvariantCulture, $"services__{pods.Service}__http__{n}"), pods.Running[n].GetEndpoint("http"));
        return builder;
    }

    private static IResourceBuilder<PodsResource> AddRow(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddResource(new PodsResource(name))
            .WithIconName("BoxMultiple")
            .WithInitialState(new CustomResourceSnapshot { ResourceType = "Pods", Properties = [], State = KnownResourceStates.Starting })
            .ExcludeFromManifest()
            .OnInitializeResource((pods, initialize, cancellationToken) =>
            {
                var stopping = initialize.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
                _ = FollowAsync(pods, initialize.Notifications, stopping);
                return Task.CompletedTask;
            });

    private static async Task FollowAsync(PodsResource pods, ResourceNotificationService notifications, CancellationToken cancellationToken)
    {
        var seen = new ConcurrentDictionary<string, CustomResourceSnapshot>(StringComparer.Ordinal);
        string? shown = null;
        try
        {
            await foreach (var change in notifications.WatchAsync(cancellationToken))
            {
                if (!change.Resource.Annotations.OfType<ResourceRelationshipAnnotation>().Any(relation => relation.Resource == pods))
                    continue;
                seen[change.Resource.Name] = change.Snapshot;
                var started = seen.Values.Where(pod => pod.State?.Text is not (null or "NotStarted")).ToList();
                var healthy = started.Count(pod => pod.HealthStatus == HealthStatus.Healthy);
                var style = healthy == started.Count ? KnownResourceStateStyles.Success : KnownResourceStateStyles.Warn;
                var text = $"{healthy} of {started.Count} healthy";
                if (text == shown)
                    continue;
                shown = text;
                await notifications.PublishUpdateAsync(pods, snapshot => snapshot with { State = new ResourceStateSnapshot(text, style) });
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The application ends.
        }
    }
}
