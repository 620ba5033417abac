using System.Text;
using Cache.Core.Coherence;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NSubstitute;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Registration;

/// <summary>AddTieredCache takes the place of AddHybridCache (F4), whichever comes first, and keeps what the application said to it.</summary>
public sealed class TieredCacheRegistrationTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryCacheClient _client;
    private int _created;

    public TieredCacheRegistrationTests() => _client = new InMemoryCacheClient(_time);

    [Fact]
    public async Task AddTieredCache_AfterAHybridCache_ReplacesIt()
    {
        await using var provider = new ServiceCollection()
            .AddSingleton(Substitute.For<HybridCache>())
            .AddSingleton(Substitute.For<HybridCache>())
            .AddTieredCache()
            .BuildServiceProvider();

        Assert.Same(provider.GetRequiredService<TieredCache>(), provider.GetRequiredService<HybridCache>());
        Assert.Single(provider.GetServices<HybridCache>());
    }

    [Fact]
    public async Task AddTieredCache_BeforeAHybridCache_StaysAhead()
    {
        var services = new ServiceCollection().AddTieredCache();
        services.TryAddSingleton(Substitute.For<HybridCache>()); // as AddHybridCache() does
        await using var provider = services.BuildServiceProvider();

        Assert.Same(provider.GetRequiredService<TieredCache>(), provider.GetRequiredService<HybridCache>());
    }

    [Fact]
    public async Task AddTieredCache_Again_Replaces()
    {
        var services = Services().AddTieredCache(options => options.KeyPrefix = "one:").AddTieredCache(options => options.KeyPrefix = "two:");
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<HybridCache>().SetAsync("k", "v");

        Assert.NotNull(await _client.GetAsync("two:k"));
        Assert.Single(provider.GetServices<TieredCache>());
    }

    [Fact]
    public async Task AConfigCacheOfTheApplication_Stays()
    {
        var own = Substitute.For<IConfigCache>();
        await using var provider = new ServiceCollection().AddSingleton(own).AddTieredCache().BuildServiceProvider();

        Assert.Same(own, provider.GetRequiredService<IConfigCache>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DefaultEntryOptions_OfHybridCacheOptions_HoldForCallsThatGiveNone(bool configuredFirst)
    {
        var defaults = new HybridCacheEntryOptions { Expiration = TimeSpan.FromSeconds(20), LocalCacheExpiration = TimeSpan.FromSeconds(10) };
        await using var provider = Build(options => options.DefaultEntryOptions = defaults, configuredFirst);
        var cache = provider.GetRequiredService<HybridCache>();

        await CreateAsync(cache);
        _time.Advance(TimeSpan.FromSeconds(10));
        await _client.DeleteAsync(["cache:k"]);
        await CreateAsync(cache);
        Assert.Equal(2, _created);

        // A call's own options win, one by one.
        var longer = new HybridCacheEntryOptions { LocalCacheExpiration = TimeSpan.FromSeconds(15) };
        await cache.RemoveAsync("k");
        await CreateAsync(cache, longer);
        _time.Advance(TimeSpan.FromSeconds(14));
        await CreateAsync(cache, longer);
        Assert.Equal(3, _created);
        _time.Advance(TimeSpan.FromSeconds(6));
        await CreateAsync(cache, longer);
        Assert.Equal(4, _created);
    }

    [Fact]
    public async Task DefaultFlags_OfHybridCacheOptions_HoldForCallsThatGiveNone()
    {
        var defaults = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableLocalCache };
        await using var provider = Build(options => options.DefaultEntryOptions = defaults);
        var cache = provider.GetRequiredService<TieredCache>();

        await CreateAsync(cache);
        Assert.Equal(0, cache.L1Count);
        await CreateAsync(cache, new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.None });
        Assert.Equal(1, cache.L1Count);
        await _client.DeleteAsync(["cache:k"]);
        await CreateAsync(cache);
        Assert.Equal(2, _created);
    }

    [Fact]
    public async Task MaximumKeyLength_OfHybridCacheOptions_LongerKeysAreNotCached()
    {
        await using var provider = Build(options => options.MaximumKeyLength = 10);
        var cache = provider.GetRequiredService<HybridCache>();
        var key = new string('k', 11);

        await CreateAsync(cache, key: key);
        await CreateAsync(cache, key: key);
        await cache.SetAsync(key, "v");
        await CreateAsync(cache, key: new string('k', 10));

        Assert.Equal(3, _created);
        Assert.Equal(1, provider.GetRequiredService<TieredCache>().L1Count);
        Assert.Null(await _client.GetAsync("cache:" + key));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(1000, true)]
    public async Task MaximumPayloadBytes_OfHybridCacheOptions_UnlessTheCacheHasALimitOfItsOwn(int? own, bool stored)
    {
        await using var provider = Build(options => options.MaximumPayloadBytes = 100, cache: options => options.LargestL2Value = own ?? options.LargestL2Value);

        await provider.GetRequiredService<HybridCache>().SetAsync("k", new string('v', 200));

        Assert.Equal(stored, await _client.GetAsync("cache:k") is not null);
    }

    [Fact]
    public async Task UnchangedHybridCacheOptions_ChangeNothing()
    {
        await using var provider = Build(_ => { });

        await provider.GetRequiredService<HybridCache>().SetAsync(new string('k', 2000), new string('v', 2 * 1024 * 1024));

        Assert.NotNull(await _client.GetAsync("cache:" + new string('k', 2000)));
    }

    [Fact]
    public async Task AddKeyedTieredCache_IsACacheOfItsOwn()
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Rates:L1Capacity", (string?)"7")]).Build().GetSection("Rates");
        await using var provider = Services()
            .AddTieredCache()
            .AddKeyedSingleton("prices", Substitute.For<HybridCache>())
            .AddKeyedTieredCache("prices")
            .AddKeyedTieredCache("rates", section, options => options.KeyPrefix = "rates:")
            .BuildServiceProvider();
        var prices = provider.GetRequiredKeyedService<HybridCache>("prices");
        Assert.Same(provider.GetRequiredKeyedService<TieredCache>("prices"), prices);
        Assert.NotSame(prices, provider.GetRequiredService<HybridCache>());

        await prices.SetAsync("k", "price");
        await provider.GetRequiredKeyedService<IConfigCache>("rates").SetAsync("k", "rate", TimeSpan.FromMinutes(1));
        await provider.GetRequiredService<HybridCache>().SetAsync("k", "other");
        await prices.RemoveByTagAsync("*");

        Assert.NotNull(await _client.GetAsync("cache-prices:k"));
        Assert.NotNull(await _client.GetAsync("rates:k"));
        Assert.Equal("other", (await provider.GetRequiredService<TieredCache>().GetAsync<string>("k")).Value);
        Assert.False((await provider.GetRequiredKeyedService<TieredCache>("prices").GetAsync<string>("k")).IsHit);
        for (var n = 0; n < 20; n++)
            await provider.GetRequiredKeyedService<HybridCache>("rates").SetAsync($"k{n}", "rate");
        Assert.Equal(7, provider.GetRequiredKeyedService<TieredCache>("rates").L1Count);
    }

    [Fact]
    public void KeyedCaches_HaveCoherencePrefixes_ThatDoNotOverlap()
    {
        var prefixes = new ServiceCollection().AddTieredCache().AddKeyedTieredCache("a").AddKeyedTieredCache("b")
            .Select(service => service.ImplementationInstance).OfType<CoherencePrefix>().Select(prefix => prefix.Value).ToList();

        Assert.Equal(["cache:", "cache-a:", "cache-b:"], prefixes);
        Assert.All(prefixes, one => Assert.Single(prefixes, other => other.StartsWith(one, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task AddTieredCache_FromConfiguration_AddsValkeyWhereOneIsNamed()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.Configuration["CACHE_ADDRS"] = "127.0.0.1:1";
        builder.Configuration["Cache:KeyPrefix"] = "prices:";
        builder.Services.AddTieredCache(builder.Configuration).AddValkey(builder.Configuration);
        using var host = builder.Build();

        Assert.NotNull(host.Services.GetService<ICacheClient>());
        Assert.Single(builder.Services, service => service.ServiceType == typeof(ValkeyOptions));
        Assert.Single(builder.Services, service => service.ImplementationInstance is CoherencePrefix { Value: "prices:" });

        // Not twice, or the health check could not be built.
        Assert.NotNull(host.Services.GetService<Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckService>());
        await Task.CompletedTask;
    }

    [Fact]
    public void AddTieredCache_ToAHost_TakesTheNamedConnectionAndNoOther()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration["ConnectionStrings:prices"] = "prices.internal:6380,password=secret";
        builder.Configuration["CACHE_ADDRS"] = "other.internal:6379";
        builder.Configuration["Cache:KeyPrefix"] = "prices:";
        builder.AddTieredCache("prices", options => options.Jitter = 0);

        var valkey = Assert.IsType<ValkeyOptions>(Assert.Single(builder.Services, service => service.ServiceType == typeof(ValkeyOptions)).ImplementationInstance);
        Assert.Equal(["prices.internal:6380"], valkey.Addresses);
        Assert.Single(builder.Services, service => service.ImplementationInstance is CoherencePrefix { Value: "prices:" });
    }

    [Fact]
    public void AddTieredCache_ToAHost_WithoutTheNamedConnection_SaysWhatIsMissing()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration["CACHE_ADDRS"] = "other.internal:6379";

        var exception = Assert.Throws<ValkeyConfigurationException>(() => builder.AddTieredCache("prices"));

        Assert.Contains("ConnectionStrings:prices is missing", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddTieredCache_ToAHost_DoesNotRepeatAConnectionThatItCannotRead()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration["ConnectionStrings:prices"] = "prices.internal:6380,password=secret,nonsense=1";

        var exception = Assert.Throws<ValkeyConfigurationException>(() => builder.AddTieredCache("prices"));

        Assert.Contains("ConnectionStrings:prices", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AddTieredCache_FromConfiguration_WithoutValkey_IsThisProcessOnly()
    {
        var services = new ServiceCollection().AddTieredCache(ValkeySettingsOf());

        Assert.DoesNotContain(services, service => service.ServiceType == typeof(ICacheClient));
    }

    [Fact]
    public async Task AddTieredCache_FromConfiguration_TheDelegateHasTheLastWord()
    {
        await using var provider = Services()
            .AddTieredCache(ValkeySettingsOf(("Cache:KeyPrefix", "section:"), ("Cache:Format", "PlainJson")), options => options.KeyPrefix = "code:")
            .BuildServiceProvider();

        await provider.GetRequiredService<TieredCache>().SetAsync("k", "v", TimeSpan.FromMinutes(1));

        Assert.Equal("\"v\"", Encoding.UTF8.GetString((await _client.GetAsync("code:k"))!));
    }

    [Fact]
    public void AddTieredCache_AWrongOption_EndsTheRegistration() =>
        Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddTieredCache(options => options.Jitter = 2));

    private static IConfiguration ValkeySettingsOf(params (string, string?)[] settings) => Cache.Core.Tests.Valkey.ValkeyClients.Configuration(settings);

    private IServiceCollection Services() => new ServiceCollection().AddSingleton<TimeProvider>(_time).AddSingleton<ICacheClient>(_client);

    private ServiceProvider Build(Action<HybridCacheOptions> configure, bool configuredFirst = true, Action<TieredCacheOptions>? cache = null)
    {
        var services = Services();
        if (configuredFirst)
            services.Configure(configure);
        services.AddTieredCache(options =>
        {
            options.Jitter = 0;
            cache?.Invoke(options);
        });
        if (!configuredFirst)
            services.Configure(configure);
        return services.BuildServiceProvider();
    }

    private ValueTask<string> CreateAsync(HybridCache cache, HybridCacheEntryOptions? options = null, string key = "k") =>
        cache.GetOrCreateAsync(
            key,
            this,
            static (tests, _) =>
            {
                tests._created++;
                return ValueTask.FromResult("v");
            },
            options);
}
