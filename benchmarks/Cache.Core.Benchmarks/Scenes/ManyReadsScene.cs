using Cache.Core.Tiered;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TenantPlatform.LocalServers;

namespace Cache.Core.Benchmarks.Scenes;

/// <summary>100 keys with short texts in a Valkey of our own, read one by one and all at once, past L1.</summary>
internal sealed class ManyReadsScene : IAsyncDisposable
{
    /// <summary>How many keys one call looks up.</summary>
    public const int Keys = 100;

    private static readonly CacheEntryOptions PastL1 = new() { Skip = CacheSteps.ReadL1 | CacheSteps.FillL1 };
    private readonly ValkeyServer _server;
    private readonly IHost _host;
    private readonly TieredCache _cache;
    private readonly string[] _keys = [.. Enumerable.Range(0, Keys).Select(BenchmarkKeys.Numbered)];

    private ManyReadsScene(ValkeyServer server)
    {
        _server = server;
        _host = CacheHost.Create(server.ConnectionString);
        _cache = _host.Services.GetRequiredService<TieredCache>();
    }

    public static async Task<ManyReadsScene> OpenAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var binary = (await ServerLocator.FindValkeyAsync(cancellationToken: limit.Token)).Require();
        var scene = new ManyReadsScene(await ValkeyServer.StartAsync(new ValkeyServerOptions { Binary = binary, Password = "benchmark" }, limit.Token));
        await scene._host.StartAsync(limit.Token);
        foreach (var key in scene._keys)
            await scene._cache.SetAsync(key, "a value of some thirty characters", TimeSpan.FromHours(1), limit.Token);
        return scene;
    }

    /// <summary>Look-ups of one key each.</summary>
    public async Task SingleAsync(int operations)
    {
        for (var n = 0; n < operations; n++)
        {
            var lookup = await _cache.GetOrFetchAsync<ManyReadsScene, string>(
                _keys[n % Keys], this, static (_, _) => throw new InvalidOperationException("A hit does not fetch."), PastL1);
            if (lookup.Source != CacheSource.L2)
                throw new InvalidOperationException($"Expected a hit in L2, but it was {lookup.Source}.");
        }
    }

    /// <summary>Look-ups of all keys each.</summary>
    public async Task TogetherAsync(int operations)
    {
        for (var n = 0; n < operations; n++)
        {
            var lookups = await _cache.GetOrFetchManyAsync<ManyReadsScene, string>(
                _keys, this, static (_, _, _) => throw new InvalidOperationException("A hit does not fetch."), PastL1);
            if (!lookups.All(static lookup => lookup.Lookup.Source == CacheSource.L2))
                throw new InvalidOperationException("Expected hits in L2.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await _server.DisposeAsync();
    }
}
