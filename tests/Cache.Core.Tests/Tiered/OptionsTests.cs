using Cache.Core.Tiered;

namespace Cache.Core.Tests.Tiered;

/// <summary>A wrong option is found when the cache is made, and named.</summary>
public sealed class OptionsTests
{
    public static TheoryData<string, string, string, Action<TieredCacheOptions>> Wrong => new()
    {
        { "Jitter", "1", "0 to 0.5", options => options.Jitter = 1 },
        { "Jitter", "-1", "0 to 0.5", options => options.Jitter = -1 },
        { "FetchTimeout", "00:00:00", "more than zero", options => options.FetchTimeout = TimeSpan.Zero },
        { "StaleIfError", "-00:00:01", "zero or more", options => options.StaleIfError = TimeSpan.FromSeconds(-1) },
        { "NegativeLifetime", "-00:00:01", "zero or more", options => options.NegativeLifetime = TimeSpan.FromSeconds(-1) },
        { "DeniedRecheck", "00:00:00", "more than zero", options => options.DeniedRecheck = TimeSpan.Zero },
        { "LeaseLifetime", "00:00:00.0990000", "100 ms or more", options => options.LeaseLifetime = TimeSpan.FromMilliseconds(99) },
        { "L1Capacity", "0", "1 or more", options => options.L1Capacity = 0 },
        { "L1ByteCapacity", "0 B", "1 byte or more", options => options.L1ByteCapacity = 0 },
        { "NegativeCapacity", "0", "1 or more", options => options.NegativeCapacity = 0 },
        { "LargestL2Value", "0 B", "1 byte or more", options => options.LargestL2Value = 0 },
        { "RefreshQueueCapacity", "0", "1 or more", options => options.RefreshQueueCapacity = 0 },
        { "RefreshConcurrency", "0", "1 or more", options => options.RefreshConcurrency = 0 },
        { "Format", "9", "Envelope or PlainJson", options => options.Format = (CacheFormat)9 },
        { "KeyPrefix", "null", "a text, empty or not", options => options.KeyPrefix = null! },
        { "LastKnownGood.Path", "empty", "the path of a file", options => options.LastKnownGood = new() },
        { "LastKnownGood.MaxAge", "00:00:00", "more than zero", options => options.LastKnownGood = new() { Path = "good", MaxAge = TimeSpan.Zero } },
        { "LastKnownGood.MaxEntries", "0", "1 or more", options => options.LastKnownGood = new() { Path = "good", MaxEntries = 0 } },
        { "LastKnownGood.MaxSize", "1023 B", "1 KB to 1 GB", options => options.LastKnownGood = new() { Path = "good", MaxSize = 1023 } },
        { "LastKnownGood.WriteInterval", "00:00:00.9990000", "1 second or more", options => options.LastKnownGood = new() { Path = "good", WriteInterval = TimeSpan.FromMilliseconds(999) } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Validate_AWrongOption_IsNamed_WithItsValueAndWhatIsExpected(string name, string value, string expected, Action<TieredCacheOptions> spoil)
    {
        var options = new TieredCacheOptions();
        options.Validate();
        spoil(options);

        var refused = Assert.Throws<InvalidOperationException>(() => new TieredCache(options));

        Assert.Equal($"TieredCacheOptions.{name} is {value}; expected {expected}.", refused.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    public void Validate_EveryOptionAtItsBound_Holds(double jitter) => new TieredCacheOptions
    {
        Jitter = jitter,
        FetchTimeout = TimeSpan.FromTicks(1),
        StaleIfError = TimeSpan.Zero,
        NegativeLifetime = TimeSpan.Zero,
        DeniedRecheck = TimeSpan.FromTicks(1),
        LeaseLifetime = TimeSpan.FromMilliseconds(100),
        L1Capacity = 1,
        L1ByteCapacity = 1,
        NegativeCapacity = 1,
        LargestL2Value = 1,
        RefreshQueueCapacity = 1,
        RefreshConcurrency = 1,
        KeyPrefix = string.Empty,
    }.Validate();

    [Theory]
    [InlineData(null, 300, 0)]
    [InlineData(60, 60, 60)]
    public void HybridTerms_UnlessSet_AreThoseOfL1_AndNothingStale(int? set, int timeToLive, int stale)
    {
        var options = new TieredCacheOptions();
        Assert.Equal((TimeSpan.FromHours(12), TimeSpan.FromHours(12)), (options.L2TimeToLive, options.StaleIfError));
        if (set is { } seconds)
        {
            options.L2TimeToLive = TimeSpan.FromSeconds(seconds);
            options.StaleIfError = TimeSpan.FromSeconds(seconds);
            Assert.Equal((TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds)), (options.L2TimeToLive, options.StaleIfError));
        }

        Assert.Equal((TimeSpan.FromSeconds(timeToLive), TimeSpan.FromSeconds(stale)), (options.HybridL2TimeToLive, options.HybridStaleIfError));
    }
}
