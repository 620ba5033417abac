namespace Cache.Core.Tiered;

/// <summary>Lifetimes, bounds and naming of a <see cref="TieredCache"/>.</summary>
public sealed class TieredCacheOptions
{
    /// <summary>How long an entry is fresh in L1. Zero or less: it never expires.</summary>
    public TimeSpan L1TimeToLive { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an entry lives in L2: the outage that can be survived. Zero or less: it never expires.</summary>
    public TimeSpan L2TimeToLive { get; set; } = TimeSpan.FromHours(12);

    /// <summary>How long past its lifetime an L1 entry may be served when the source fails (stale-if-error). Zero: not at all.</summary>
    public TimeSpan StaleIfError { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Put before every key in L2.</summary>
    public string KeyPrefix { get; set; } = "tm-config:";

    /// <summary>The share by which a lifetime is shortened at random, so that entries do not expire together. 0 to 0.5.</summary>
    public double Jitter { get; set; } = 0.1;

    /// <summary>How long a fetch may take before it counts as failed.</summary>
    public TimeSpan FetchTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The most entries in L1.</summary>
    public int L1Capacity { get; set; } = 100_000;

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidOperationException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        Check(Jitter is >= 0 and <= 0.5, nameof(Jitter), Jitter, "0 to 0.5");
        Check(FetchTimeout > TimeSpan.Zero, nameof(FetchTimeout), FetchTimeout, "more than zero");
        Check(StaleIfError >= TimeSpan.Zero, nameof(StaleIfError), StaleIfError, "zero or more");
        Check(L1Capacity >= 1, nameof(L1Capacity), L1Capacity, "1 or more");
        Check(KeyPrefix is not null, nameof(KeyPrefix), "null", "a text, empty or not");
    }

    private static void Check(bool holds, string option, object value, string expected)
    {
        if (!holds)
            throw new InvalidOperationException($"{nameof(TieredCacheOptions)}.{option} is {value}; expected {expected}.");
    }
}
