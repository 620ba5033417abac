namespace TenantPlatform.Interleavings;

/// <summary>A clock that stands: what is explored is the order of steps, not how long they take.</summary>
internal sealed class StillTime : TimeProvider
{
    public override long GetTimestamp() => 1_000_000;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
}
