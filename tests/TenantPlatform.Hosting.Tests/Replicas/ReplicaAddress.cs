using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TenantPlatform.TestKit;

namespace TenantPlatform.Hosting.Tests.Replicas;

/// <summary>What is known of one replica of a running application.</summary>
internal static class ReplicaAddress
{
    public static string Of(DistributedApplication app, string id) =>
        State(app, id)!.Urls.Single(url => url.DisplayProperties.DisplayName == $"{id} itself").Url;

    public static Task WaitHealthyAsync(DistributedApplication app, string id, CancellationToken cancellationToken) =>
        Eventually.HoldsAsync($"{id} is healthy", () => State(app, id)?.HealthStatus == HealthStatus.Healthy, TimeSpan.FromSeconds(120)).WaitAsync(cancellationToken);

    public static CustomResourceSnapshot? State(DistributedApplication app, string id) =>
        app.ResourceNotifications.TryGetCurrentState(id, out var now) ? now.Snapshot : null;
}
