namespace Cache.Core.Memory;

/// <summary>What the gauges read of a tier, at any time and from any thread.</summary>
internal interface IMemoryGauges
{
    int Count { get; }

    long Bytes { get; }

    int Tombstones { get; }
}
