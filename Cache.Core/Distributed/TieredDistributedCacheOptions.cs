using Microsoft.Extensions.Caching.Distributed;

namespace Cache.Core.Distributed;

/// <summary>Bounds and naming of the <see cref="IDistributedCache"/> over both tiers. Lifetimes are the callers'.</summary>
public sealed class TieredDistributedCacheOptions
{
    /// <summary>Put before every key in L2. Services that share a Valkey and no entries need prefixes of their own, none the beginning of another.</summary>
    public string KeyPrefix { get; set; } = "distributed-cache:";

    /// <summary>
    /// How long an entry is served from L1 before L2 is looked at again, within its own lifetime. Without Valkey this means nothing: L1 is all
    /// that there is. Zero or less: its own lifetime alone.
    /// </summary>
    public TimeSpan L1TimeToLive { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The most entries in L1.</summary>
    public int L1Capacity { get; set; } = 100_000;

    /// <summary>The most room that L1 takes: values, keys and bookkeeping. Without Valkey, what finds no room is lost.</summary>
    public ByteSize L1ByteCapacity { get; set; } = ByteSize.FromMegabytes(64);

    /// <summary>A longer value is refused with an <see cref="ArgumentException"/>. Up to 60 MB.</summary>
    public ByteSize LargestValue { get; set; } = ByteSize.FromMegabytes(8);

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidOperationException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        Check(!string.IsNullOrEmpty(KeyPrefix), nameof(KeyPrefix), "empty", "a text");
        Check(L1Capacity >= 1, nameof(L1Capacity), L1Capacity, "1 or more");
        Check(L1ByteCapacity >= 1, nameof(L1ByteCapacity), L1ByteCapacity, "1 byte or more");
        Check(LargestValue >= 1 && LargestValue <= ByteSize.FromMegabytes(60), nameof(LargestValue), LargestValue, "1 byte to 60 MB");
    }

    private static void Check(bool holds, string option, object value, string expected)
    {
        if (!holds)
            throw new InvalidOperationException($"{nameof(TieredDistributedCacheOptions)}.{option} is {value}; expected {expected}.");
    }
}
