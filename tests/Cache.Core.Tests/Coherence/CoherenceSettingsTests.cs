using Cache.Core.Coherence;
using Cache.Core.Tests.Valkey;
using Cache.Core.Valkey;

namespace Cache.Core.Tests.Coherence;

public sealed class CoherenceSettingsTests
{
    [Theory]
    [InlineData(null, CoherenceMode.Auto)]
    [InlineData("auto", CoherenceMode.Auto)]
    [InlineData("Tracking", CoherenceMode.Tracking)]
    [InlineData("pubsub", CoherenceMode.PubSub)]
    [InlineData("off", CoherenceMode.Off)]
    public void Read_Mode_IsUnderstood(string? text, CoherenceMode mode) =>
        Assert.Equal(mode, CoherenceSettings.Read(ValkeyClients.Configuration(("CACHE_COHERENCE", text))).Mode);

    [Theory]
    [InlineData(null, 2000)]
    [InlineData("500", 500)]
    public void Read_Lease_IsMilliseconds(string? text, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), CoherenceSettings.Read(ValkeyClients.Configuration(("CACHE_COHERENCE_LEASE_MS", text))).Lease);

    [Theory]
    [InlineData("CACHE_COHERENCE", "yes")]
    [InlineData("CACHE_COHERENCE_LEASE_MS", "2s")]
    [InlineData("CACHE_COHERENCE_LEASE_MS", "99")]
    [InlineData("CACHE_COHERENCE_LEASE_MS", "60001")]
    [InlineData("CACHE_COHERENCE_LEASE_MS", "-1")]
    public void Read_WrongSetting_NamesItAndWhatIsExpected(string variable, string value)
    {
        var failure = Assert.Throws<ValkeyConfigurationException>(() => CoherenceSettings.Read(ValkeyClients.Configuration((variable, value))));

        Assert.Contains($"{variable} is '{value}': expected", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_LeaseOutOfRange_NamesIt() => Assert.Contains(
        "CoherenceOptions.Lease",
        Assert.Throws<InvalidOperationException>(() => new CoherenceOptions { Lease = TimeSpan.Zero }.Validate()).Message,
        StringComparison.Ordinal);
}
