using Cache.Core.Tiered;

namespace Cache.Core.Tests.Tiered;

/// <summary>A wrong option is found when the cache is made, and named.</summary>
public sealed class OptionsTests
{
    public static TheoryData<string, Action<TieredCacheOptions>> Wrong => new()
    {
        { "Jitter", options => options.Jitter = 0.6 },
        { "Jitter", options => options.Jitter = -0.1 },
        { "FetchTimeout", options => options.FetchTimeout = TimeSpan.Zero },
        { "StaleIfError", options => options.StaleIfError = TimeSpan.FromSeconds(-1) },
        { "NegativeLifetime", options => options.NegativeLifetime = TimeSpan.FromSeconds(-1) },
        { "DeniedRecheck", options => options.DeniedRecheck = TimeSpan.Zero },
        { "LeaseLifetime", options => options.LeaseLifetime = TimeSpan.FromMilliseconds(99) },
        { "L1Capacity", options => options.L1Capacity = 0 },
        { "L1ByteCapacity", options => options.L1ByteCapacity = 0 },
        { "NegativeCapacity", options => options.NegativeCapacity = 0 },
        { "LargestL2Value", options => options.LargestL2Value = 0 },
        { "RefreshQueueCapacity", options => options.RefreshQueueCapacity = 0 },
        { "RefreshConcurrency", options => options.RefreshConcurrency = 0 },
        { "Format", options => options.Format = (CacheFormat)9 },
        { "KeyPrefix", options => options.KeyPrefix = null! },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Validate_AWrongOption_IsNamed(string name, Action<TieredCacheOptions> spoil)
    {
        var options = new TieredCacheOptions();
        options.Validate();
        spoil(options);

        var refused = Assert.Throws<InvalidOperationException>(() => new TieredCache(options));

        Assert.Contains($"TieredCacheOptions.{name} is", refused.Message, StringComparison.Ordinal);
    }
}
