using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Drills.Evidence;

/// <summary>Watches pods while something is done to them or to what they depend on.</summary>
internal sealed class DrillWatch(
    ProbeTenantSource tenants, IReadOnlyList<WatchedPod> pods, ResourceNotificationService notifications, DrillEvidenceOptions options) : IDisposable
{
    // Two drills at once would each take the other's failures for its own; the second waits.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { Timeout = Timeout.InfiniteTimeSpan };
    private long? _revision;

    /// <summary>Begins to ask every running pod.</summary>
    public async Task<IObservation> BeginAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var tenant = await tenants.GetAsync(cancellationToken);
            var revision = await KnownRevisionAsync(tenant, cancellationToken);
            IReadOnlyList<PodProbe> probes =
            [
                .. pods.Where(IsRunning).Select(pod => new PodProbe(pod.Name, new Uri(new Uri(pod.Endpoint.Url), options.Path), tenant, revision, _http, options)),
            ];

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

    // While the tenant-manager is away its tenants do not change.
    private async Task<long> KnownRevisionAsync(ProbeTenant tenant, CancellationToken cancellationToken)
    {
        try
        {
            _revision = await tenants.RevisionAsync(tenant, cancellationToken);
        }
        catch (DrillException) when (_revision is not null)
        {
            // The one known before.
        }

        return _revision.Value;
    }

    private bool IsRunning(WatchedPod pod) =>
        notifications.TryGetCurrentState(pod.Name, out var now) && now.Snapshot.State?.Text == KnownResourceStates.Running;
}
