namespace TenantPlatform.Drills.Evidence;

/// <summary>What came of one request to a pod. Times are since the watch began.</summary>
/// <param name="Begun">When it was sent.</param>
/// <param name="Ended">When its answer was there, or was given up.</param>
/// <param name="Failure">Why it was not served: a status, or that no answer came; null: it was.</param>
/// <param name="IsStale">Whether it was served on a configuration that was past its time or not the current one.</param>
internal sealed record PodAnswer(TimeSpan Begun, TimeSpan Ended, string? Failure, bool IsStale = false)
{
    public bool IsServed => Failure is null;
}
