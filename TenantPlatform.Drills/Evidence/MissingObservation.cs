namespace TenantPlatform.Drills.Evidence;

/// <summary>A watch that could not begin, and why.</summary>
internal sealed class MissingObservation(string reason) : IObservation
{
    public Task<DrillEvidence> EndAsync(TimeSpan after, CancellationToken cancellationToken) => Task.FromResult(DrillEvidence.Missing(reason));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
