namespace TenantPlatform.FaultRuns.History;

/// <summary>A fault that really happened.</summary>
/// <param name="Kind">Its name, as the report shows it.</param>
/// <param name="Began">Just before it was asked for.</param>
/// <param name="Ended">Just after it was taken away and what it concerns was healthy again.</param>
/// <param name="Reach">What it took away.</param>
/// <param name="Pod">The only pod it concerns; null: all of them.</param>
internal sealed record FaultPeriod(string Kind, TimeSpan Began, TimeSpan Ended, Reach Reach, string? Pod = null)
{
    /// <summary>Whether it takes this away from that pod.</summary>
    public bool Takes(Reach what, string pod) => (Reach & what) != Reach.None && (Pod is null || Pod == pod);
}
