using Microsoft.Extensions.Configuration;
using TenantManager.Client.Configuration;
using TenantManager.Contracts.Settings;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.Configuration;

public sealed class TenantManagerSettingsTests
{
    private static readonly Dictionary<string, string?> Least = new(StringComparer.Ordinal)
    {
        ["MULTI_TENANT_URL"] = "https://tenant-manager",
        ["MULTI_TENANT_SERVICE_NAME"] = "ledger",
        ["MULTI_TENANT_SERVICE_API_KEY"] = "service-key-0123456789",
    };

    [Fact]
    public void Read_LeastSettings_HaveTheContractsDefaults()
    {
        var options = Read();

        Assert.True(options.Enabled);
        Assert.Equal(new Uri("https://tenant-manager/"), options.Address);
        Assert.Equal("ledger", options.Module);
        Assert.Equal(30, options.Timeout.TotalSeconds);
        Assert.Equal(5, options.BreakerThreshold);
        Assert.Equal(30, options.BreakerTimeout.TotalSeconds);
        Assert.Equal(100, options.MaxTenantPools);
        Assert.Equal(300, options.PoolIdleTimeout.TotalSeconds);
        Assert.Equal(3, options.ConnectTimeout.TotalSeconds);
        Assert.Equal(5, options.DenialGracePeriod.TotalSeconds);
        Assert.Equal(30, options.RevalidationInterval.TotalSeconds);
        Assert.Equal(5, options.RevalidationTimeout.TotalSeconds);
        Assert.Equal(10, options.AttemptTimeout.TotalSeconds);
        Assert.True(options.FollowsChanges);
        Assert.Equal(86_400, options.SlowRevalidationInterval.TotalSeconds);
        Assert.Equal(300, options.L1TimeToLive.TotalSeconds);
        Assert.Equal(43_200, options.L2TimeToLive.TotalSeconds);
        Assert.Equal(5, options.ReloadJitter.TotalSeconds);
        Assert.Equal(10, options.PodHeartbeat.TotalSeconds);
        Assert.NotEqual(options.PodName, Read().PodName);
        Assert.Null(options.PodAddress);
        Assert.Null(options.EnvironmentName);
    }

    [Fact]
    public void Read_EverySetting_IsTaken()
    {
        var options = Read(
            ("MULTI_TENANT_MODULE", "books"), ("MULTI_TENANT_TIMEOUT", "7"), ("MULTI_TENANT_ATTEMPT_TIMEOUT_SEC", "6"), ("MULTI_TENANT_CIRCUIT_BREAKER_THRESHOLD", "0"),
            ("MULTI_TENANT_CIRCUIT_BREAKER_TIMEOUT_SEC", "8"), ("MULTI_TENANT_MAX_TENANT_POOLS", "9"), ("MULTI_TENANT_IDLE_TIMEOUT_SEC", "10"),
            ("MULTI_TENANT_CONNECT_TIMEOUT_SEC", "12"), ("MULTI_TENANT_DENIAL_GRACE_SEC", "0"),
            ("MULTI_TENANT_CONNECTIONS_CHECK_INTERVAL_SEC", "0.5"), ("MULTI_TENANT_CACHE_L1_TTL_SEC", "11"), ("MULTI_TENANT_CACHE_L2_TTL_SEC", "0"),
            ("MULTI_TENANT_CHANGE_FEED", "false"), ("MULTI_TENANT_SLOW_CHECK_INTERVAL_SEC", "13"), ("MULTI_TENANT_POD_HEARTBEAT_SEC", "14"),
            ("MULTI_TENANT_POD_NAME", "ledger-1"), ("MULTI_TENANT_POD_ADDRESS", "http://ledger-1:8080"), ("ENVIRONMENT_NAME", "staging"));

        Assert.Equal("books", options.Module);
        Assert.Equal(7, options.Timeout.TotalSeconds);
        Assert.Equal(6, options.AttemptTimeout.TotalSeconds);
        Assert.Equal(0, options.BreakerThreshold);
        Assert.Equal(8, options.BreakerTimeout.TotalSeconds);
        Assert.Equal(9, options.MaxTenantPools);
        Assert.Equal(10, options.PoolIdleTimeout.TotalSeconds);
        Assert.Equal(12, options.ConnectTimeout.TotalSeconds);
        Assert.Equal(0, options.DenialGracePeriod.TotalSeconds);
        Assert.Equal(0.5, options.RevalidationInterval.TotalSeconds);
        Assert.False(options.FollowsChanges);
        Assert.Equal(13, options.SlowRevalidationInterval.TotalSeconds);
        Assert.Equal(11, options.L1TimeToLive.TotalSeconds);
        Assert.Equal(0, options.L2TimeToLive.TotalSeconds);
        Assert.Equal(14, options.PodHeartbeat.TotalSeconds);
        Assert.Equal("ledger-1", options.PodName);
        Assert.Equal("http://ledger-1:8080", options.PodAddress);
        Assert.Equal("staging", options.EnvironmentName);
    }

    [Theory]
    [InlineData("MULTI_TENANT_URL", null)]
    [InlineData("MULTI_TENANT_URL", " ")]
    [InlineData("MULTI_TENANT_URL", "tenant-manager")]
    [InlineData("MULTI_TENANT_URL", "ftp://tenant-manager")]
    [InlineData("MULTI_TENANT_URL", "http://tenant-manager")]
    [InlineData("MULTI_TENANT_SERVICE_NAME", null)]
    [InlineData("MULTI_TENANT_SERVICE_NAME", "../x")]
    [InlineData("MULTI_TENANT_SERVICE_NAME", "a:b")]
    [InlineData("MULTI_TENANT_SERVICE_API_KEY", null)]
    [InlineData("MULTI_TENANT_SERVICE_API_KEY", "")]
    [InlineData("MULTI_TENANT_DIAGNOSTICS_KEY", "too-short")]
    [InlineData("MULTI_TENANT_DIAGNOSTICS_KEY", "long enough but with spaces")]
    [InlineData("MULTI_TENANT_TIMEOUT", "0")]
    [InlineData("MULTI_TENANT_TIMEOUT", "soon")]
    [InlineData("MULTI_TENANT_TIMEOUT", "-1")]
    [InlineData("MULTI_TENANT_TIMEOUT", "1e99")]
    [InlineData("MULTI_TENANT_ATTEMPT_TIMEOUT_SEC", "0")]
    [InlineData("MULTI_TENANT_CIRCUIT_BREAKER_THRESHOLD", "-1")]
    [InlineData("MULTI_TENANT_CIRCUIT_BREAKER_TIMEOUT_SEC", "x")]
    [InlineData("MULTI_TENANT_MAX_TENANT_POOLS", "0")]
    [InlineData("MULTI_TENANT_IDLE_TIMEOUT_SEC", "NaN")]
    [InlineData("MULTI_TENANT_CONNECT_TIMEOUT_SEC", "0.5")]
    [InlineData("MULTI_TENANT_CONNECT_TIMEOUT_SEC", "1025")]
    [InlineData("MULTI_TENANT_DENIAL_GRACE_SEC", "-1")]
    [InlineData("MULTI_TENANT_CONNECTIONS_CHECK_INTERVAL_SEC", "0")]
    [InlineData("MULTI_TENANT_CHANGE_FEED", "perhaps")]
    [InlineData("MULTI_TENANT_SLOW_CHECK_INTERVAL_SEC", "0")]
    [InlineData("MULTI_TENANT_SLOW_CHECK_INTERVAL_SEC", "29")]
    [InlineData("MULTI_TENANT_POD_HEARTBEAT_SEC", "0.5")]
    [InlineData("MULTI_TENANT_POD_HEARTBEAT_SEC", "3601")]
    [InlineData("MULTI_TENANT_POD_NAME", "a:b")]
    [InlineData("MULTI_TENANT_POD_NAME", "a b")]
    [InlineData("MULTI_TENANT_POD_ADDRESS", "ledger-1:8080")]
    [InlineData("MULTI_TENANT_POD_ADDRESS", "http://user:password@ledger-1")]
    [InlineData("MULTI_TENANT_CACHE_L1_TTL_SEC", "-1")]
    [InlineData("MULTI_TENANT_CACHE_L2_TTL_SEC", "-1")]
    [InlineData("MULTI_TENANT_ENABLED", "maybe")]
    public void Read_MissingOrWrong_NamesTheVariable(string name, string? value)
    {
        var failure = Assert.Throws<InvalidSettingException>(() => Read((name, value)));
        Assert.Equal(name, failure.Name);
        Assert.StartsWith(name, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_IntervalLongerThanTheSlowOne_WhichIsNotSet_MakesThatLonger() =>
        Assert.Equal(2, Read(("MULTI_TENANT_CONNECTIONS_CHECK_INTERVAL_SEC", "172800")).SlowRevalidationInterval.TotalDays);

    [Theory]
    [InlineData("key with spaces")]
    [InlineData("key\nwith-newline")]
    [InlineData("schlüssel")]
    public void Read_KeyThatCannotTravel_IsNotRepeated(string key)
    {
        var failure = Assert.Throws<InvalidSettingException>(() => Read(("MULTI_TENANT_SERVICE_API_KEY", key)));
        Assert.DoesNotContain(key, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_InsecureHttp_NeedsConsent() =>
        Assert.Equal("http", Read(("MULTI_TENANT_URL", "http://tenant-manager"), ("MULTI_TENANT_ALLOW_INSECURE_HTTP", "true")).Address!.Scheme);

    [Theory]
    [InlineData("https://h/api", "https://h/api/")]
    [InlineData("https://h/api/", "https://h/api/")]
    [InlineData("https://h:8443", "https://h:8443/")]
    public void Read_AddressWithPath_KeepsItsLastSegment(string address, string expected) => Assert.Equal(new Uri(expected), Read(("MULTI_TENANT_URL", address)).Address);

    [Fact]
    public void Read_SwitchedOff_NeedsNothingElse() =>
        Assert.False(Read(("MULTI_TENANT_ENABLED", "false"), ("MULTI_TENANT_URL", null), ("MULTI_TENANT_SERVICE_API_KEY", null)).Enabled);

    [Theory]
    [InlineData("ENV_NAME", "ENV_NAME")]
    [InlineData("AUTH_SIGNING_KEY", "AUTH_SIGNING_KEY")]
    public async Task Start_WithValkeyAndWithoutASetting_NamesIt(string missing, string named)
    {
        await using var manager = await FakeTenantManager.CreateAsync();
        var failure = await Assert.ThrowsAsync<InvalidSettingException>(() => ConsumerHost.StartAsync(
            manager, settings: new(StringComparer.Ordinal) { ["ConnectionStrings:valkey"] = "127.0.0.1:1", [missing] = null }));
        Assert.Equal(named, failure.Name);
    }

    [Fact]
    public async Task Start_TieredWithoutValkey_NamesTheVariable()
    {
        await using var manager = await FakeTenantManager.CreateAsync();
        var failure = await Assert.ThrowsAsync<InvalidSettingException>(() => ConsumerHost.StartAsync(manager, configure: client => client.WithTieredCache()));
        Assert.Equal("CACHE_ADDRS", failure.Name);
    }

    private static TenantManagerClientOptions Read(params (string Name, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>(Least, StringComparer.Ordinal);
        foreach (var (name, value) in settings)
            all[name] = value;
        return TenantManagerSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
    }
}
