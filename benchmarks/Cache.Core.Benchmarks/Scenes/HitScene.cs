using System.Collections.Concurrent;
using System.ComponentModel;
using Cache.Core.Tiered;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;
using TenantManager.Client.Configuration;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;

namespace Cache.Core.Benchmarks.Scenes;

/// <summary>One key and one object in every structure. Look-ups use an equal text, not the same one, as callers that build it do.</summary>
internal sealed class HitScene : IDisposable
{
    private readonly TenantId _tenant = BenchmarkKeys.Tenant(1);
    private readonly string _key = new(BenchmarkKeys.Numbered(1));

    /// <summary>What comes through HybridCache carries a tag, so its hits look at one more epoch.</summary>
    private readonly string _hybridKey = new(BenchmarkKeys.Numbered(2));
    private readonly ConcurrentDictionary<string, TenantConfig> _dictionary = new(StringComparer.Ordinal);
    private readonly MemoryCache _memoryCache = new(new MemoryCacheOptions());
    private readonly TieredCache _tiered = new(new TieredCacheOptions());
    private readonly HybridCache _hybrid;
    private readonly TenantConfigClient _client;

    public HitScene()
    {
        var key = BenchmarkKeys.Numbered(1);
        var config = SampleConfig.For(_tenant);
        _dictionary[key] = config;
        _memoryCache.Set(key, config, TimeSpan.FromMinutes(30));
        _tiered.SetAsync(key, config, TimeSpan.FromMinutes(30)).AsTask().GetAwaiter().GetResult();
        _hybrid = _tiered;
        _hybrid.SetAsync(BenchmarkKeys.Numbered(2), new Immutable(config)).AsTask().GetAwaiter().GetResult();
        var options = new TenantManagerClientOptions();
        _client = new TenantConfigClient(_tiered, new TenantManagerHttp(new NoClients(), options, TimeProvider.System));
    }

    public void Dictionary(int operations)
    {
        for (var n = 0; n < operations; n++)
            Expect(_dictionary.TryGetValue(_key, out var config) && config.Revision is not null);
    }

    public void MemoryCache(int operations)
    {
        for (var n = 0; n < operations; n++)
            Expect(_memoryCache.TryGetValue<TenantConfig>(_key, out var config) && config!.Revision is not null);
    }

    public void L1Hit(int operations)
    {
        for (var n = 0; n < operations; n++)
        {
            var lookup = _tiered.GetOrFetchAsync<HitScene, TenantConfig>(
                _key, this, static (_, _) => throw new InvalidOperationException("A hit does not fetch."));
            Expect(lookup.IsCompletedSuccessfully && lookup.Result.Value!.Revision is not null);
        }
    }

    public void HybridCacheHit(int operations)
    {
        for (var n = 0; n < operations; n++)
        {
            var hit = _hybrid.GetOrCreateAsync<HitScene, Immutable>(
                _hybridKey, this, static (_, _) => throw new InvalidOperationException("A hit does not create."));
            Expect(hit.IsCompletedSuccessfully && hit.Result.Config.Revision is not null);
        }
    }

    public void L1TryGet(int operations)
    {
        for (var n = 0; n < operations; n++)
            Expect(_tiered.TryGetL1<TenantConfig>(_key, out var lookup) && lookup.Value!.Revision is not null);
    }

    public void TenantConfig(int operations)
    {
        for (var n = 0; n < operations; n++)
        {
            var lookup = _client.GetTenantConfigAsync(_tenant, BenchmarkKeys.Service);
            Expect(lookup.IsCompletedSuccessfully && lookup.Result.Value!.Revision is not null);
        }
    }

    public void Dispose() => _memoryCache.Dispose();

    private static void Expect(bool isHit)
    {
        if (!isHit)
            throw new InvalidOperationException("Not a hit.");
    }

    /// <summary>Said to be immutable: otherwise each hit is a copy, which <see cref="CopyScene"/> measures.</summary>
    [ImmutableObject(true)]
    private sealed record Immutable(TenantConfig Config);

    private sealed class NoClients : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => throw new InvalidOperationException("A hit does not call.");
    }
}
