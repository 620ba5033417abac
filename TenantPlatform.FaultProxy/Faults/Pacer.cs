namespace TenantPlatform.FaultProxy.Faults;

/// <summary>Hands out moments at which bytes may pass, so that together they keep to a rate. Safe for concurrent use.</summary>
internal sealed class Pacer(long bytesPerSecond, TimeProvider time)
{
    private const int SlicesPerSecond = 20;
    private const int LargestSlice = 64 * 1024;
    private readonly Lock _lock = new();
    private long _free = time.GetTimestamp();

    /// <summary>How many bytes to reserve at once: small enough that the flow is even and that connections take turns.</summary>
    public int Slice { get; } = (int)Math.Clamp(bytesPerSecond / SlicesPerSecond, 1, LargestSlice);

    /// <summary>Reserves passage.</summary>
    /// <returns>The timestamp from which these bytes may pass. Unused time is not saved up.</returns>
    public long Reserve(int bytes)
    {
        var cost = (long)Math.Ceiling(bytes * (double)time.TimestampFrequency / bytesPerSecond);
        lock (_lock)
        {
            var start = Math.Max(time.GetTimestamp(), _free);
            _free = start + cost;
            return start;
        }
    }
}
