using System.Globalization;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TenantPlatform.Servers;

/// <summary>Makes a cluster of nodes that have started, and shows that it runs.</summary>
internal sealed class ValkeyClusterFormation(
    ResourceNotificationService notifications, ResourceLoggerService logs, IServiceProvider services, IHostApplicationLifetime lifetime)
    : IDistributedApplicationEventingSubscriber
{
    private const int Slots = 16384;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    public Task SubscribeAsync(IDistributedApplicationEventing eventing, DistributedApplicationExecutionContext executionContext, CancellationToken cancellationToken)
    {
        eventing.Subscribe<InitializeResourceEvent>((initialize, stop) =>
        {
            if (initialize.Resource is ValkeyClusterResource cluster)
                _ = FormAsync(cluster, eventing, lifetime.ApplicationStopping);
            return Task.CompletedTask;
        });
        return Task.CompletedTask;
    }

    private async Task FormAsync(ValkeyClusterResource cluster, IDistributedApplicationEventing eventing, CancellationToken cancellationToken)
    {
        var log = logs.GetLogger(cluster);
        try
        {
            foreach (var node in cluster.Nodes)
                await notifications.WaitForResourceHealthyAsync(node.Name, cancellationToken);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Limit);
            await AssignSlotsAsync(cluster, limit.Token);
            await MeetAsync(cluster, limit.Token);
            await ReplicateAsync(cluster, limit.Token);
            log.LogInformation("{Primaries} primaries serve all {Slots} slots, each with a replica", cluster.Primaries, Slots);
            await eventing.PublishAsync(new ConnectionStringAvailableEvent(cluster, services), cancellationToken);
            await notifications.PublishUpdateAsync(cluster, snapshot => snapshot with { State = KnownResourceStates.Running, StartTimeStamp = DateTime.UtcNow });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The application ends.
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or InvalidOperationException)
        {
            log.LogError("The cluster was not formed within {Limit}: {Reason}", Limit, exception.Message);
            await notifications.PublishUpdateAsync(cluster, snapshot => snapshot with { State = KnownResourceStates.FailedToStart });
        }
    }

    private static async Task AssignSlotsAsync(ValkeyClusterResource cluster, CancellationToken cancellationToken)
    {
        var each = (Slots + cluster.Primaries - 1) / cluster.Primaries;
        for (var n = 0; n < cluster.Primaries; n++)
        {
            await ValkeyNode.ExecuteAsync(
                cluster.Nodes[n], cancellationToken, "CLUSTER", "ADDSLOTSRANGE", Text(n * each), Text(Math.Min(Slots, (n + 1) * each) - 1));
        }
    }

    private static async Task MeetAsync(ValkeyClusterResource cluster, CancellationToken cancellationToken)
    {
        foreach (var other in cluster.Nodes.Skip(1))
        {
            var bus = other.Annotations.OfType<ValkeyClusterNodeAnnotation>().Single().BusPort;
            await ValkeyNode.ExecuteAsync(cluster.Nodes[0], cancellationToken, "CLUSTER", "MEET", "127.0.0.1", Text(other.PrimaryEndpoint.Port), Text(bus));
        }

        foreach (var node in cluster.Nodes)
            await UntilAsync(() => ValkeyNode.SeesAllAsync(node, cluster.Nodes.Count, cancellationToken), cancellationToken);
    }

    private static async Task ReplicateAsync(ValkeyClusterResource cluster, CancellationToken cancellationToken)
    {
        for (var n = 0; n < cluster.Primaries; n++)
        {
            var primary = (string)(await ValkeyNode.ExecuteAsync(cluster.Nodes[n], cancellationToken, "CLUSTER", "MYID"))!;
            var replica = cluster.Nodes[cluster.Primaries + n];
            await ValkeyNode.ExecuteAsync(replica, cancellationToken, "CLUSTER", "REPLICATE", primary);
        }

        foreach (var replica in cluster.Nodes.Skip(cluster.Primaries))
            await UntilAsync(() => ValkeyNode.IsReplicaInStepAsync(replica, cancellationToken), cancellationToken);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        while (!await condition())
            await Task.Delay(PollInterval, cancellationToken);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
