using Cache.Core.Coherence;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TenantPlatform.TestKit;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Serialization.SystemTextJson;

namespace Cache.Core.SideBySide.Tests.Stage;

/// <summary>One case's caches of one library in one condition, each as its documentation sets it up; its keys are its own.</summary>
internal sealed class Play(Library library, Condition condition, string connectionString) : IAsyncDisposable
{
    private readonly string _prefix = ValkeyFixture.NewPrefix();
    private readonly List<IHost> _hosts = [];
    private HybridCache? _cache;
    private int _created;

    /// <summary>The cache that most cases use.</summary>
    public HybridCache Cache => _cache ?? throw new InvalidOperationException("The play has not been opened.");

    /// <summary>How often <see cref="Made{T}(T)"/> has been called.</summary>
    public int Created => Volatile.Read(ref _created);

    /// <summary>The second tier's prefix.</summary>
    public string Prefix => _prefix;

    public Library Library => library;

    public async Task OpenAsync() => _cache = await PodAsync();

    /// <summary>Another process, as far as these libraries can tell: a cache of its own, over the same second tier.</summary>
    public async Task<HybridCache> PodAsync()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        Add(builder);
        var host = builder.Build();
        lock (_hosts)
            _hosts.Add(host);
        await host.StartAsync();
        if (condition == Condition.Valkey)
            await ConnectedAsync(host.Services);
        return host.Services.GetRequiredService<HybridCache>();
    }

    /// <summary>A factory's answer, counted.</summary>
    public T Made<T>(T value)
    {
        Interlocked.Increment(ref _created);
        return value;
    }

    /// <summary>A look-up whose factory answers at once and is counted. Without a state, as the cases' own: Microsoft's shares calls of one state's type only.</summary>
    public ValueTask<T> CreateAsync<T>(string key, T value, HybridCacheEntryOptions? options = null, string[]? tags = null, CancellationToken stop = default) =>
        Cache.GetOrCreateAsync(key, _ => ValueTask.FromResult(Made(value)), options, tags, stop);

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            // Whatever a library does with its connections when it ends is not what the case is about.
            await host.StopAsync(new CancellationToken(canceled: true)).ContinueWith(static _ => { }, TaskScheduler.Default);
            if (host is IAsyncDisposable disposable)
                await disposable.DisposeAsync();
            else
                host.Dispose();
        }
    }

    private void Add(HostApplicationBuilder builder)
    {
        var services = builder.Services;
        switch (library)
        {
            case Library.CacheCore:
                if (condition != Condition.Alone)
                {
                    builder.Configuration["ConnectionStrings:valkey"] = connectionString;
                    if (condition != Condition.Valkey)
                        builder.Configuration["CACHE_DIAL_TIMEOUT"] = builder.Configuration["CACHE_READ_TIMEOUT"] = builder.Configuration["CACHE_WRITE_TIMEOUT"] = "100ms";
                    services.AddValkey(builder.Configuration);
                }

                services.AddTieredCache(options => options.KeyPrefix = _prefix);
                break;
            case Library.Microsoft:
                AddRedis(services);
                services.AddHybridCache();
                break;
            default:
                AddRedis(services);
                var fusion = services.AddFusionCache().WithOptions(options => options.CacheKeyPrefix = _prefix);
                if (condition != Condition.Alone)
                    fusion.WithSerializer(new FusionCacheSystemTextJsonSerializer()).WithRegisteredDistributedCache();
                fusion.AsHybridCache();
                break;
        }
    }

    private void AddRedis(IServiceCollection services)
    {
        if (condition == Condition.Alone)
            return;
        var limits = condition == Condition.Valkey ? string.Empty : ",connectTimeout=100,syncTimeout=100,asyncTimeout=100,connectRetry=1";
        services.AddStackExchangeRedisCache(options => (options.Configuration, options.InstanceName) = ($"{connectionString},abortConnect=false{limits}", _prefix));
    }

    private static async Task ConnectedAsync(IServiceProvider services)
    {
        if (services.GetService<ICacheClient>() is { } client)
        {
            var coherence = services.GetRequiredService<ICoherence>();
            await Eventually.HoldsAsync("Valkey", async () => (await client.PingAsync()) > TimeSpan.Zero && coherence.ProvenUntil > TimeProvider.System.GetTimestamp());
        }
        else
        {
            await services.GetRequiredService<IDistributedCache>().GetAsync("connected");
        }
    }
}
