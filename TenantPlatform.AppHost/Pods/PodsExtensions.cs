using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace TenantPlatform.AppHost.Pods;

/// <summary>Groups the pods of a service.</summary>
internal static class PodsExtensions
{
    /// <summary>Adds the group; pods join it by <c>WithParentRelationship</c>.</summary>
    public static IResourceBuilder<PodsResource> AddPods(this IDistributedApplicationBuilder builder, string name) =>
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
