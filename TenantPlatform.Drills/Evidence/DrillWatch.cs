using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Drills.Evidence;

/// <summary>Watches pods while something is done to them or to what they depend on.</summary>
internal sealed class DrillWatch(IEnumerable<WatchedService> services, ResourceNotificationService notifications) : IDisposable
{
    // Two drills at once would each take the other's failures for its own; the second waits.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Begins to ask every running pod.</summary>
    public async Task<IObservation> BeginAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var probes = new List<PodProbe>();
            foreach (var service in services)
                probes.AddRange(await service.ProbesAsync(IsRunning, _http, cancellationToken));

            // A pod's first request for a tenant connects to its database: that is no effect of the drill.
            await Task.WhenAll(probes.Select(probe => probe.AskAsync(TimeProvider.System.GetTimestamp(), cancellationToken)));
            return new PodObservation(probes, ended: () => _turn.Release());
        }
        catch (DrillException exception)
        {
            _turn.Release();
            return new MissingObservation(exception.Message);
        }
        catch
        {
            _turn.Release();
            throw;
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _turn.Dispose();
    }

    private bool IsRunning(WatchedPod pod) =>
        notifications.TryGetCurrentState(pod.Name, out var now) && now.Snapshot.State?.Text == KnownResourceStates.Running;
}
