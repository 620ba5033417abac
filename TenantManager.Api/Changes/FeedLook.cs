namespace TenantManager.Api.Changes;

/// <summary>A look at how far the change feed has come.</summary>
/// <param name="Head">What was seen; null before the first look.</param>
/// <param name="Began">When it was looked, as a timestamp of the clock: what was committed before is in it.</param>
/// <param name="Moved">Ends when a later look sees something else.</param>
internal sealed record FeedLook(FeedHead? Head, long Began, TaskCompletionSource Moved)
{
    public static FeedLook None { get; } = new(null, long.MinValue, NewSignal());

    public static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
