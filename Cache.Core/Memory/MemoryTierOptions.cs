namespace Cache.Core.Memory;

/// <summary>L1's bounds.</summary>
internal sealed record MemoryTierOptions
{
    /// <summary>The most entries.</summary>
    public int Capacity { get; init; } = MemoryConfigCache.DefaultCapacity;

    /// <summary>The most bytes: what callers say their values weigh, plus keys and bookkeeping.</summary>
    public ByteSize ByteCapacity { get; init; } = new(long.MaxValue);

    /// <summary>An entry heavier than this is refused. A quarter of the bytes unless told.</summary>
    public ByteSize? LargestEntry { get; init; }

    /// <summary>The most negative entries.</summary>
    public int NegativeCapacity { get; init; } = 1024;

    /// <summary>Checks the values.</summary>
    public void Validate()
    {
        Check(Capacity >= 1, nameof(Capacity));
        Check(ByteCapacity.Bytes >= 1, nameof(ByteCapacity));
        Check(LargestEntry is not { Bytes: < 1 }, nameof(LargestEntry));
        Check(NegativeCapacity >= 1, nameof(NegativeCapacity));
    }

    private static void Check(bool holds, string option)
    {
        if (!holds)
            throw new InvalidOperationException($"L1's {option} is less than 1; expected 1 or more.");
    }
}
