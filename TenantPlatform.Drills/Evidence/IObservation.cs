namespace TenantPlatform.Drills.Evidence;

/// <summary>One watch, from before a drill to some seconds after it.</summary>
internal interface IObservation : IAsyncDisposable
{
    /// <summary>Goes on for a while, and tells what was seen.</summary>
    Task<DrillEvidence> EndAsync(TimeSpan after, CancellationToken cancellationToken);
}
