namespace Cache.Core.AspNetCore;

/// <summary>Bounds and naming of the output cache's store. What is cached and for how long, policies decide, as with any store.</summary>
public sealed class TieredOutputCacheOptions
{
    /// <summary>Put before every key in L2. Services that share a Valkey and no pages need prefixes of their own, none the beginning of another.</summary>
    public string KeyPrefix { get; set; } = "output-cache:";

    /// <summary>How long a page is served from L1 before L2 is looked at again, within its own lifetime. Zero or less: its own lifetime alone.</summary>
    public TimeSpan L1TimeToLive { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The most room that L1 takes: pages, keys and bookkeeping.</summary>
    public ByteSize L1ByteCapacity { get; set; } = ByteSize.FromMegabytes(128);

    /// <summary>A longer page stays in the process that has rendered it. Up to 60 MB.</summary>
    public ByteSize LargestL2Value { get; set; } = ByteSize.FromMegabytes(16);

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidOperationException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        Check(!string.IsNullOrEmpty(KeyPrefix), nameof(KeyPrefix), "empty", "a text");
        Check(L1ByteCapacity >= 1, nameof(L1ByteCapacity), L1ByteCapacity, "1 byte or more");
        Check(LargestL2Value >= 1 && LargestL2Value <= ByteSize.FromMegabytes(60), nameof(LargestL2Value), LargestL2Value, "1 byte to 60 MB");
    }

    private static void Check(bool holds, string option, object value, string expected)
    {
        if (!holds)
            throw new InvalidOperationException($"{nameof(TieredOutputCacheOptions)}.{option} is {value}; expected {expected}.");
    }
}
