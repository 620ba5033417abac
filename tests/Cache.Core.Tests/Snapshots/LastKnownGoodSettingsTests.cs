using Cache.Core.Snapshots;
using Cache.Core.Tests.Valkey;

namespace Cache.Core.Tests.Snapshots;

/// <summary>The variables of the last known good.</summary>
public sealed class LastKnownGoodSettingsTests
{
    private const string Path = "CACHE_LAST_KNOWN_GOOD_PATH";

    [Fact]
    public void Absent_ThereIsNone() => Assert.Null(LastKnownGoodSettings.Read(ValkeyClients.Configuration((Path, " "))));

    [Fact]
    public void Given_AreRead()
    {
        var keys = SnapshotRig.NewKeys("k1");
        var options = LastKnownGoodSettings.Read(ValkeyClients.Configuration(
            (Path, "/data/good"),
            ("CACHE_LAST_KNOWN_GOOD_ENCRYPTION_KEYS", keys),
            ("CACHE_LAST_KNOWN_GOOD_MAX_AGE", "12h"),
            ("CACHE_LAST_KNOWN_GOOD_MAX_ENTRIES", "50"),
            ("CACHE_LAST_KNOWN_GOOD_MAX_SIZE", "2 MB")))!;

        Assert.Equal(
            ("/data/good", keys, TimeSpan.FromHours(12), 50, ByteSize.FromMegabytes(2)),
            (options.Path, options.EncryptionKeys, options.MaxAge, options.MaxEntries, options.MaxSize));
    }

    [Fact]
    public void WithoutKeys_IsNoError() => Assert.Null(LastKnownGoodSettings.Read(ValkeyClients.Configuration((Path, "/data/good")))!.EncryptionKeys);

    [Theory]
    [InlineData("CACHE_LAST_KNOWN_GOOD_MAX_AGE", "24")]
    [InlineData("CACHE_LAST_KNOWN_GOOD_MAX_AGE", "0h")]
    [InlineData("CACHE_LAST_KNOWN_GOOD_MAX_ENTRIES", "0")]
    [InlineData("CACHE_LAST_KNOWN_GOOD_MAX_SIZE", "1 B")]
    [InlineData("CACHE_LAST_KNOWN_GOOD_MAX_SIZE", "much")]
    [InlineData("CACHE_LAST_KNOWN_GOOD_ENCRYPTION_KEYS", "k1:short")]
    public void Wrong_IsRefusedByName(string setting, string value)
    {
        var refused = Assert.Throws<CacheConfigurationException>(() => LastKnownGoodSettings.Read(ValkeyClients.Configuration((Path, "/data/good"), (setting, value))));

        Assert.Equal(setting, refused.Setting);
        Assert.StartsWith(setting, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("short", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Directory_IsRefusedByName() =>
        Assert.Equal(Path, Assert.Throws<CacheConfigurationException>(() => LastKnownGoodSettings.Read(ValkeyClients.Configuration((Path, "/tmp/")))).Setting);

    [Fact]
    public void WithoutAPath_IsRefusedByName()
    {
        var refused = Assert.Throws<CacheConfigurationException>(() => LastKnownGoodSettings.Read(ValkeyClients.Configuration(("CACHE_LAST_KNOWN_GOOD_MAX_AGE", "12h"))));

        Assert.Equal("CACHE_LAST_KNOWN_GOOD_MAX_AGE", refused.Setting);
    }
}
