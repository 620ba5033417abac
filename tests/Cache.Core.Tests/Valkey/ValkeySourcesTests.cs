using System.Security.Cryptography;
using System.Text;
using Cache.Core.Valkey;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cache.Core.Tests.Valkey;

/// <summary>The less usual ways to name a server, and what is wrong with them.</summary>
public sealed class ValkeySourcesTests
{
    [Theory]
    [InlineData("ConnectionStrings:valkey", true)]
    [InlineData("CACHE_ADDRS", true)]
    [InlineData("REDIS_HOST", true)]
    [InlineData("MULTI_TENANT_REDIS_HOST", true)]
    [InlineData("CACHE_MODE", false)]
    public void IsConfigured_ByAnyOfTheSources(string variable, bool expected)
    {
        Assert.Equal(expected, ValkeySettings.IsConfigured(ValkeyClients.Configuration((variable, "valkey"))));
        Assert.False(ValkeySettings.IsConfigured(ValkeyClients.Configuration((variable, " "))));
    }

    [Theory]
    [InlineData("valkey", "valkey:6379")]
    [InlineData("127.0.0.1", "127.0.0.1:6379")]
    [InlineData("127.0.0.1:7000", "127.0.0.1:7000")]
    public void ConnectionString_WithoutAPort_MeansTheUsualOne(string text, string address) =>
        Assert.Equal([address], Read(("ConnectionStrings:valkey", text)).Addresses);

    [Fact]
    public void RedisHost_WithAPortOfItsOwn_IsTakenAsItIs() => Assert.Equal(["old:1"], Read(("REDIS_HOST", "old:1"), ("REDIS_PORT", "2")).Addresses);

    [Theory]
    [InlineData("ConnectionStrings:valkey", "password=secret")]
    [InlineData("ConnectionStrings:valkey", "valkey,password=secret,noSuchOption=1")]
    public void ConnectionString_ThatNamesNoServer_IsRefused_WithoutItsPassword(string variable, string text)
    {
        var refused = Assert.Throws<ValkeyConfigurationException>(() => Read((variable, text)));

        Assert.Contains(variable, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Certificate_ThatHoldsNone_IsRefused_AndOneThatDoesIsTaken()
    {
        Assert.Contains("CACHE_CA_CERT_BASE64", Assert.Throws<ValkeyConfigurationException>(() => Certificate("no certificate")).Message, StringComparison.Ordinal);
        Assert.Contains("BEGIN CERTIFICATE", Certificate("-----BEGIN CERTIFICATE-----").CaCertificatePem, StringComparison.Ordinal);

        static ValkeyOptions Certificate(string text) =>
            Read(("CACHE_ADDRS", "a:1"), ("CACHE_CA_CERT_BASE64", Convert.ToBase64String(Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void EncryptionKeys_AreKept_WhenTheyCanBeRead()
    {
        var keys = $"one:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

        Assert.Equal(keys, Read(("CACHE_ADDRS", "a:1"), ("CACHE_ENCRYPTION_KEYS", keys)).EncryptionKeys);
        Assert.Null(Read(("CACHE_ADDRS", "a:1")).EncryptionKeys);
    }

    [Fact]
    public void AConnection_WithoutAServer_IsRefused() =>
        Assert.Throws<ValkeyConfigurationException>(() => new ValkeyConnection(new ValkeyOptions(), NullLogger<ValkeyConnection>.Instance));

    private static ValkeyOptions Read(params (string Key, string? Value)[] settings) => ValkeySettings.Read(ValkeyClients.Configuration(settings));
}
