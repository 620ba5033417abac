using Cache.Core.Valkey;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey;

/// <summary>B2, B3: where the settings come from, and what is said of wrong ones.</summary>
[Collection(ValkeyCollection.Name)]
public sealed class ValkeySettingsTests(ValkeyFixture valkey)
{
    [Fact]
    public void ConnectionString_WinsOverEverything()
    {
        var options = Read(
            ("ConnectionStrings:valkey", "one:7000,password=p,ssl=true"), ("CACHE_ADDRS", "two:1"), ("REDIS_HOST", "three"));

        Assert.Equal(["one:7000"], options.Addresses);
        Assert.Equal(("p", true), (options.Password, options.UseTls));
    }

    [Fact]
    public void CacheAddrs_WinOverRedisHost()
    {
        var options = Read(
            ("CACHE_ADDRS", "a:1, b:2"), ("CACHE_PASSWORD", "p"), ("CACHE_TLS_ENABLED", "true"), ("CACHE_MODE", "cluster"),
            ("CACHE_READ_TIMEOUT", "250ms"), ("CACHE_POOL_SIZE", "4"), ("REDIS_HOST", "three"));

        Assert.Equal(["a:1", "b:2"], options.Addresses);
        Assert.Equal(ValkeyMode.Cluster, options.Mode);
        Assert.Equal(TimeSpan.FromMilliseconds(250), options.ReadTimeout);
        Assert.Equal(TimeSpan.FromSeconds(3), options.WriteTimeout);
        Assert.Equal(TimeSpan.FromSeconds(5), options.DialTimeout);
        Assert.Equal(4, options.PoolSize);
        Assert.Equal(3, options.MaxRetries);
        Assert.Empty(options.Deprecations);
    }

    [Theory]
    [InlineData("REDIS")]
    [InlineData("MULTI_TENANT_REDIS")]
    public void RedisHost_IsHonoured_WithADeprecation(string prefix)
    {
        var options = Read(($"{prefix}_HOST", "old"), ($"{prefix}_PORT", "7777"), ($"{prefix}_PASSWORD", "p"));

        Assert.Equal(["old:7777"], options.Addresses);
        Assert.Equal("p", options.Password);
        Assert.Contains("CACHE_ADDRS", Assert.Single(options.Deprecations), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CACHE_ADDRS", null, null)]
    [InlineData("CACHE_ADDRS", "CACHE_ADDRS", "nohost")]
    [InlineData("CACHE_ADDRS", "CACHE_ADDRS", "host:99999")]
    [InlineData("CACHE_ADDRS", "CACHE_ADDRS", ",")]
    [InlineData("CACHE_MODE", "CACHE_MODE", "many")]
    [InlineData("CACHE_POOL_SIZE", "CACHE_POOL_SIZE", "0")]
    [InlineData("CACHE_MAX_RETRIES", "CACHE_MAX_RETRIES", "x")]
    [InlineData("CACHE_READ_TIMEOUT", "CACHE_READ_TIMEOUT", "soon")]
    [InlineData("CACHE_DIAL_TIMEOUT", "CACHE_DIAL_TIMEOUT", "0s")]
    [InlineData("CACHE_TLS_ENABLED", "CACHE_TLS_ENABLED", "maybe")]
    [InlineData("CACHE_CA_CERT_BASE64", "CACHE_CA_CERT_BASE64", "%%%")]
    [InlineData("CACHE_CA_CERT_BASE64", "CACHE_CA_CERT_BASE64", "bm8gcGVt")]
    public void WrongSetting_IsRefused_NamingTheVariable(string named, string? variable, string? value)
    {
        var settings = new List<(string, string?)>();
        if (variable != "CACHE_ADDRS" && variable is not null)
            settings.Add(("CACHE_ADDRS", "a:1"));
        if (variable is not null)
            settings.Add((variable, value));

        var error = Assert.Throws<ValkeyConfigurationException>(() => Read([.. settings]));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UnreadableConnectionString_IsRefused_WithoutQuotingIt()
    {
        var error = Assert.Throws<ValkeyConfigurationException>(() => Read(("ConnectionStrings:valkey", "host:1,password=secret,syncTimeout=abc")));

        Assert.Contains("ConnectionStrings:valkey", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host:1,user=app,password=secret", "app", "secret")]
    [InlineData("host:1, USER = app ,password=se=cret,ssl=true", "app", "se=cret")]
    [InlineData("user=a=b,host:1,password=secret", "a=b", "secret")]
    [InlineData("host:1,user=,password=secret", null, "secret")]
    [InlineData("host:1,password=user", null, "user")]
    public void ConnectionString_MayNameAUser(string text, string? user, string password)
    {
        var options = Read(("ConnectionStrings:valkey", text), ("CACHE_USERNAME", "ignored"));

        Assert.Equal((user, password, "host:1"), (options.UserName, options.Password, Assert.Single(options.Addresses)));
    }

    [Theory]
    [InlineData("CACHE_ADDRS", "CACHE_ADDRS", "127.0.0.1:1")]
    [InlineData("CACHE_PASSWORD", "CACHE_PASSWORD", "wrong")]
    [InlineData("CACHE_PASSWORD", "CACHE_PASSWORD", null)]
    [InlineData("CACHE_CA_CERT_BASE64", "CACHE_CA_CERT_BASE64", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCnh4Ci0tLS0tRU5EIENFUlRJRklDQVRFLS0tLS0K")]
    [InlineData("CACHE_TLS_ENABLED", "CACHE_TLS_ENABLED", "true")]
    [InlineData("CACHE_USERNAME", "CACHE_USERNAME", "stranger")]
    public async Task Required_AndOfNoUse_TheHostDoesNotStart_AndTheMessageNamesTheVariable(string named, string variable, string? value)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["CACHE_ADDRS"] = $"127.0.0.1:{valkey.Port}",
            ["CACHE_PASSWORD"] = valkey.Password,
            ["CACHE_REQUIRED"] = "true",
            ["CACHE_TLS_ENABLED"] = variable is "CACHE_CA_CERT_BASE64" ? "true" : null,
            ["CACHE_DIAL_TIMEOUT"] = variable is "CACHE_TLS_ENABLED" ? "1s" : "30s",
        };
        settings[variable] = value;

        var error = await Assert.ThrowsAsync<ValkeyConfigurationException>(() => StartAsync(settings));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(valkey.Password, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Required_AndThere_TheHostStarts_AndOptionalAndAway_ItStartsDegraded()
    {
        await StartAsync(new() { ["CACHE_ADDRS"] = $"127.0.0.1:{valkey.Port}", ["CACHE_PASSWORD"] = valkey.Password, ["CACHE_REQUIRED"] = "true" });

        Assert.Equal(HealthStatus.Degraded, await StartAsync(new() { ["CACHE_ADDRS"] = "127.0.0.1:1" }));
    }

    private static async Task<HealthStatus> StartAsync(Dictionary<string, string?> settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddTieredCache(builder.Configuration);
        using var host = builder.Build();
        await host.StartAsync();
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        await host.StopAsync();
        return health.Entries["redis"].Status;
    }

    private static ValkeyOptions Read(params (string, string?)[] settings) => ValkeySettings.Read(ValkeyClients.Configuration(settings));
}
