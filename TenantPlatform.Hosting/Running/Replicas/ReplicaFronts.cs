using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TenantPlatform.Hosting.Running;

/// <summary>All fronts of an application, and what they know of the replicas' health.</summary>
internal sealed class ReplicaFronts : IAsyncDisposable
{
    private readonly ResourceNotificationService _notifications;
    private readonly TimeProvider _clock;
    private readonly List<ReplicaFront> _fronts = [];
    private readonly CancellationTokenSource _ending = new();
    private Task _watching = Task.CompletedTask;
    private bool _isStopped;

    public ReplicaFronts(ResourceNotificationService notifications, TimeProvider clock)
    {
        _notifications = notifications;
        _clock = clock;
    }

    /// <summary>Puts a front before each endpoint of a resource that has several replicas.</summary>
    /// <exception cref="DistributedApplicationException">An endpoint is of a kind that cannot have one.</exception>
    public void Add(IResource resource, IReadOnlyList<Replica> replicas)
    {
        if (replicas.Count < 2)
            return;
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (endpoint.Protocol != ProtocolType.Tcp)
            {
                throw new DistributedApplicationException(
                    $"The endpoint '{endpoint.Name}' of '{resource.Name}' uses {endpoint.Protocol}: only TCP endpoints can have replicas behind them. Remove it, or WithReplicas.");
            }

            var pool = new ReplicaPool(resource.Name, replicas.Select(replica => new ReplicaTarget(replica.Id, replica.PortOf(endpoint), _clock)));
            var port = endpoint.AllocatedEndpoint!.Port;

            // TLS and HTTP/2 are between client and replica: their bytes pass unread.
            var readsRequests = endpoint is { UriScheme: "http", Transport: "http" };
            _fronts.Add(new ReplicaFront(pool, port, readsRequests, _clock));
        }
    }

    /// <summary>Listens; what is asked before a replica is healthy is told so.</summary>
    /// <exception cref="DistributedApplicationException">An address is in use.</exception>
    public void Start()
    {
        if (_fronts.Count == 0)
            return;
        foreach (var front in _fronts)
        {
            try
            {
                front.Start();
            }
            catch (SocketException exception)
            {
                throw new DistributedApplicationException($"The address in front of the replicas of '{front.Pool.Resource}' cannot be listened on: {exception.Message}", exception);
            }
        }

        _watching = WatchAsync(_ending.Token);
    }

    public async Task StopAsync()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        await Task.WhenAll(_fronts.Select(front => front.StopAsync()));
        await _ending.CancelAsync();
        await _watching;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var front in _fronts)
            await front.DisposeAsync();
        _fronts.Clear();
        _ending.Dispose();
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var change in _notifications.WatchAsync(cancellationToken))
            {
                var isHealthy = change.Snapshot.HealthStatus == HealthStatus.Healthy;
                foreach (var front in _fronts)
                {
                    if (string.Equals(front.Pool.Resource, change.Resource.Name, StringComparison.OrdinalIgnoreCase))
                        front.Pool.SetHealthy(change.ResourceId, isHealthy);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The application has stopped.
        }
    }
}
