namespace Cache.Core.Valkey;

/// <summary>What a primary says of itself; nothing but its address where it does not answer.</summary>
/// <param name="Address">Where it is, as <c>host:port</c>.</param>
public sealed record ServerStatistics(string Address)
{
    /// <summary>Whether it has answered.</summary>
    public bool IsReachable { get; init; }

    /// <summary>Keys of all kinds: values, their fences, and what is no cache's.</summary>
    public long Keys { get; init; }

    /// <summary>Memory in use, in bytes.</summary>
    public long UsedBytes { get; init; }

    /// <summary>The most memory that it may use, in bytes; null when it has no bound.</summary>
    public long? LargestBytes { get; init; }

    /// <summary>Reads that found their key, since the server started; fences and whatever else is read are counted with the values.</summary>
    public long Hits { get; init; }

    /// <summary>Reads that found nothing, since the server started.</summary>
    public long Misses { get; init; }

    /// <summary>Keys removed for want of memory, since the server started.</summary>
    public long Evicted { get; init; }

    /// <summary>Keys whose life has ended, since the server started.</summary>
    public long Expired { get; init; }
}
