using System.Reflection;
using Cache.Core.Tests.Valkey;
using Cache.Core.Tiered;
using Microsoft.Extensions.Configuration;

namespace Cache.Core.Tests.Registration;

/// <summary>Options from configuration: what is set is read, what is wrong is named with its value and what is expected.</summary>
public sealed class TieredCacheSettingsTests
{
    [Fact]
    public void Read_Nothing_IsTheDefaults()
    {
        var read = Read();
        var defaults = new TieredCacheOptions();

        Assert.All(Properties(), property => Assert.Equal(property.GetValue(defaults), property.GetValue(read)));
        Assert.Equal("cache:", read.KeyPrefix);
    }

    [Fact]
    public void Read_EverySetting_HasItsOption()
    {
        var texts = new Dictionary<Type, (string Text, object Value)>
        {
            [typeof(TimeSpan)] = ("90s", TimeSpan.FromSeconds(90)),
            [typeof(int)] = ("77", 77),
            [typeof(bool)] = ("true", true),
            [typeof(double)] = ("0.25", 0.25),
            [typeof(string)] = ("prices:", "prices:"),
            [typeof(ByteSize)] = ("64 MB", ByteSize.FromMegabytes(64)),
            [typeof(CacheFormat)] = ("plainjson", CacheFormat.PlainJson),
        };
        foreach (var property in Properties())
        {
            var (text, expected) = texts[property.PropertyType];

            Assert.Equal(expected, property.GetValue(Read(($"Cache:{property.Name}", text))));
        }
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("500ms", 500)]
    [InlineData("1.5s", 1500)]
    [InlineData("5m", 300_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("00:05:00", 300_000)]
    [InlineData("00:00:00", 0)]
    [InlineData("1.00:00:00", 86_400_000)]
    [InlineData("3649.23:59:59", 315_359_999_000)]
    [InlineData(" 30s ", 30_000)]
    public void Read_Durations_InBothWays(string text, long milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Read(("Cache:L1TimeToLive", text)).L1TimeToLive);

    [Theory]
    [InlineData("Cache:L1TimeToLive", "5", "duration such as")]
    [InlineData("Cache:L1TimeToLive", "-00:00:01", "duration such as")]
    [InlineData("Cache:L1TimeToLive", "soon", "duration such as")]
    [InlineData("Cache:L1TimeToLive", "3650.00:00:00", "duration such as")]
    [InlineData("Cache:L1TimeToLive", "00:00:99", "duration such as")]
    [InlineData("Cache:FetchTimeout", "0", "more than zero")]
    [InlineData("Cache:Jitter", "0.7", "0 to 0.5")]
    [InlineData("Cache:Jitter", "much", "0 to 0.5")]
    [InlineData("Cache:L1Capacity", "0", "1 or more")]
    [InlineData("Cache:L1Capacity", "-1", "whole number")]
    [InlineData("Cache:L1Capacity", "1e3", "whole number")]
    [InlineData("Cache:L1ByteCapacity", "64 pounds", "64 MB")]
    [InlineData("Cache:LargestL2Value", "0", "1 byte or more")]
    [InlineData("Cache:ShareValues", "maybe", "true or false")]
    [InlineData("Cache:Format", "xml", "Envelope or PlainJson")]
    [InlineData("Cache:Format", "1", "Envelope or PlainJson")]
    [InlineData("MULTI_TENANT_CACHE_L1_TTL_SEC", "5m", "seconds")]
    [InlineData("MULTI_TENANT_CACHE_L2_TTL_SEC", "-1", "seconds")]
    [InlineData("MULTI_TENANT_CACHE_L2_TTL_SEC", "999999999999", "seconds")]
    public void Read_AWrongValue_IsNamed_WithWhatIsExpected(string setting, string text, string expected)
    {
        var refused = Assert.Throws<CacheConfigurationException>(() => Read((setting, text)));

        Assert.Equal(setting, refused.Setting);
        Assert.Equal(setting, refused.Data["setting"]);
        Assert.StartsWith($"{setting} is '{text}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AnUnknownSetting_IsNamed_WithThoseThereAre()
    {
        var refused = Assert.Throws<CacheConfigurationException>(() => Read(("Cache:L1TimeToLve", "5m")));

        Assert.StartsWith("Cache:L1TimeToLve is no setting of the cache", refused.Message, StringComparison.Ordinal);
        Assert.Contains("expected one of KeyPrefix, Format, ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("L1TimeToLive", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_IntoOptionsThatAreWrongThemselves_NamesTheOption() =>
        Assert.Equal(
            "TieredCacheOptions.L1Capacity is 0; expected 1 or more.",
            Assert.Throws<CacheConfigurationException>(() => TieredCacheSettings.Read(ValkeyClients.Configuration(), new TieredCacheOptions { L1Capacity = 0 })).Message);

    [Fact]
    public void Read_OfNoConfiguration_IsRefused() => Assert.Throws<ArgumentNullException>("configuration", () => TieredCacheSettings.Read(null!));

    [Theory]
    [InlineData("envelope", CacheFormat.Envelope)]
    [InlineData("PlainJson", CacheFormat.PlainJson)]
    public void Read_Formats_ByName(string text, CacheFormat format)
    {
        var options = new TieredCacheOptions { Format = format == CacheFormat.Envelope ? CacheFormat.PlainJson : CacheFormat.Envelope };

        TieredCacheSettings.Read(ValkeyClients.Configuration(("Cache:Format", text)), options);

        Assert.Equal(format, options.Format);
    }

    [Fact]
    public void Read_ASettingWithSettingsBelowIt_IsNamed() =>
        Assert.StartsWith(
            "Cache:L1TimeToLive has settings below it",
            Assert.Throws<CacheConfigurationException>(() => Read(("Cache:L1TimeToLive:Minutes", "5"))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Read_AnEmptySetting_CountsAsAbsent() =>
        Assert.Equal(TimeSpan.FromMinutes(5), Read(("Cache:L1TimeToLive", " "), ("Cache:L1Capacity", null), ("MULTI_TENANT_CACHE_L1_TTL_SEC", "")).L1TimeToLive);

    [Fact]
    public void Read_EnvironmentNames_WinOverTheSection()
    {
        var read = Read(
            ("Cache:L1TimeToLive", "1m"), ("Cache:L2TimeToLive", "1h"), ("Cache:SoftExpiration", "30s"), ("MULTI_TENANT_CACHE_L1_TTL_SEC", "120"), ("MULTI_TENANT_CACHE_L2_TTL_SEC", "0"));

        Assert.Equal(TimeSpan.FromMinutes(2), read.L1TimeToLive);
        Assert.Equal(TimeSpan.Zero, read.L2TimeToLive);
        Assert.Equal(TimeSpan.FromSeconds(30), read.SoftExpiration);
    }

    [Fact]
    public void Read_TheEnvironmentsDefaults_AreTheContracts()
    {
        var defaults = Read();

        Assert.Equal(TimeSpan.FromSeconds(300), defaults.L1TimeToLive);
        Assert.Equal(TimeSpan.FromSeconds(43200), defaults.L2TimeToLive);
    }

    [Fact]
    public void Read_ASection_AloneIsRead()
    {
        var section = ValkeyClients.Configuration(("Caches:Prices:L1Capacity", "5"), ("MULTI_TENANT_CACHE_L1_TTL_SEC", "1")).GetSection("Caches:Prices");

        var read = TieredCacheSettings.Read(section);

        Assert.Equal((5, TimeSpan.FromMinutes(5)), (read.L1Capacity, read.L1TimeToLive));
        Assert.Equal(
            "Caches:Prices:Size",
            Assert.Throws<CacheConfigurationException>(() => TieredCacheSettings.Read(ValkeyClients.Configuration(("Caches:Prices:Size", "5")).GetSection("Caches:Prices"))).Setting);
    }

    // Delegates, and what has variables of its own, are set in code.
    private static IEnumerable<PropertyInfo> Properties() => typeof(TieredCacheOptions).GetProperties().Where(property =>
        property.SetMethod is not null && !property.PropertyType.Name.StartsWith("Func", StringComparison.Ordinal) && property.Name != nameof(TieredCacheOptions.LastKnownGood));

    private static TieredCacheOptions Read(params (string, string?)[] settings) => TieredCacheSettings.Read(ValkeyClients.Configuration(settings));
}
