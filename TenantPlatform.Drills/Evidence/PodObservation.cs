namespace TenantPlatform.Drills.Evidence;

/// <summary>Asks pods from its creation until its end.</summary>
internal sealed class PodObservation : IObservation
{
    private readonly IReadOnlyList<PodProbe> _probes;
    private readonly Action _ended;
    private readonly CancellationTokenSource _stop = new();
    private readonly long _begun = TimeProvider.System.GetTimestamp();
    private readonly Task _asking;

    /// <param name="probes">What asks each pod.</param>
    /// <param name="ended">Told when the watch is over.</param>
    public PodObservation(IReadOnlyList<PodProbe> probes, Action ended)
    {
        (_probes, _ended) = (probes, ended);
        _asking = Task.WhenAll(probes.Select(probe => probe.RunAsync(_begun, _stop.Token)));
    }

    public async Task<DrillEvidence> EndAsync(TimeSpan after, CancellationToken cancellationToken)
    {
        await Task.Delay(after, cancellationToken);
        var span = TimeProvider.System.GetElapsedTime(_begun);
        await _stop.CancelAsync();
        await _asking;
        return DrillEvidence.Of([.. _probes.Select(probe => probe.Tally(span))], span);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _asking;
        _stop.Dispose();
        _ended();
    }
}
