using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantPlatform.LocalServers;

namespace Cache.Core.Benchmarks.Scenes;

/// <summary>A Valkey of our own with 1.2 kB configurations in it, asked by the cache and by a bare socket.</summary>
internal sealed class ValkeyScene : IAsyncDisposable
{
    private const string Prefix = "tm-config:";
    private const string EncryptedPrefix = "encrypted:";
    private const int Keys = 64;
    private readonly ValkeyServer _server;
    private readonly ValkeyConnection _connection;
    private readonly ValkeyConnection _library;
    private readonly ValkeyClient _client;
    private readonly TieredCache _tiered;
    private readonly TieredCache _byLibrary;
    private readonly TieredCache _encrypted;
    private readonly ValkeyConfigCache _l2;
    private readonly ValkeyConfigCache _l2ByLibrary;
    private readonly RawConnection _raw;
    private readonly ConnectionMultiplexer _plainLibrary;
    private readonly string[] _keys = [.. Enumerable.Range(0, Keys).Select(BenchmarkKeys.Numbered)];
    private readonly TenantConfig[] _configs = [.. Enumerable.Range(0, Keys).Select(n => SampleConfig.For(BenchmarkKeys.Tenant(n)))];
    private readonly byte[][] _values = [.. Enumerable.Range(0, Keys).Select(n => SampleConfig.Json(BenchmarkKeys.Tenant(n)))];
    private readonly byte[][] _gets;
    private readonly byte[][] _sets;

    private ValkeyScene(ValkeyServer server)
    {
        _server = server;
        var options = new ValkeyOptions { Addresses = [$"{server.Host}:{server.Port}"], Password = server.Password };
        _connection = new ValkeyConnection(options, NullLogger<ValkeyConnection>.Instance);
        _client = new ValkeyClient(_connection, NullLogger<ValkeyClient>.Instance);
        _library = new ValkeyConnection(
            new ValkeyOptions { Addresses = options.Addresses, Password = options.Password, IsDirect = false }, NullLogger<ValkeyConnection>.Instance);

        _l2 = new ValkeyConfigCache(_client, Prefix, ContractJson.Options);
        _l2ByLibrary = new ValkeyConfigCache(new ValkeyClient(_library, NullLogger<ValkeyClient>.Instance), Prefix, ContractJson.Options);

        // One entry of L1 only: asking for the keys in turn misses it each time.
        _tiered = new TieredCache(new TieredCacheOptions { L1Capacity = 1, KeyPrefix = Prefix }, _l2);
        _byLibrary = new TieredCache(new TieredCacheOptions { L1Capacity = 1, KeyPrefix = Prefix }, _l2ByLibrary);
        _encrypted = new TieredCache(
            new TieredCacheOptions { L1Capacity = 1, KeyPrefix = EncryptedPrefix },
            new ValkeyConfigCache(_client, EncryptedPrefix, ContractJson.Options, $"k1:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}"));
        _plainLibrary = ConnectionMultiplexer.Connect(server.ConnectionString);
        _raw = new RawConnection(server.Host, server.Port, server.Password);
        _gets = [.. _keys.Select(key => RawConnection.Command("GET"u8, Encoding.UTF8.GetBytes(Prefix + key)))];
        _sets = [.. _keys.Select((key, n) => RawConnection.Command(
            "SET"u8, Encoding.UTF8.GetBytes(Prefix + key), _values[n], "PX"u8.ToArray(), "3600000"u8.ToArray()))];
    }

    public static async Task<ValkeyScene> OpenAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var binary = (await ServerLocator.FindValkeyAsync(cancellationToken: limit.Token)).Require();
        var server = await ValkeyServer.StartAsync(new ValkeyServerOptions { Binary = binary, Password = "benchmark" }, limit.Token);
        var scene = new ValkeyScene(server);
        while (scene._connection.Direct(Prefix) is null)
            await Task.Delay(10, limit.Token);
        await scene.RawSetAsync(Keys);
        for (var n = 0; n < Keys; n++)
            await scene._encrypted.SetAsync(scene._keys[n], scene._configs[n], TimeSpan.FromHours(1), limit.Token);
        return scene;
    }

    public Task RawGetAsync(int operations)
    {
        for (var n = 0; n < operations; n++)
            _raw.Ask(_gets[n % Keys]);
        return Task.CompletedTask;
    }

    /// <summary>The same with the value as an object: what any cache has to do besides.</summary>
    public Task RawGetDecodedAsync(int operations)
    {
        for (var n = 0; n < operations; n++)
        {
            var length = _raw.Ask(_gets[n % Keys]);
            var value = _raw.Answer[..(length - 2)];
            _ = JsonSerializer.Deserialize<TenantConfig>(value[(value.IndexOf((byte)'\n') + 1)..], ContractJson.Options);
        }

        return Task.CompletedTask;
    }

    public Task RawSetAsync(int operations)
    {
        for (var n = 0; n < operations; n++)
            _raw.Ask(_sets[n % Keys]);
        return Task.CompletedTask;
    }

    /// <summary>What a service without a cache would call.</summary>
    public async Task LibraryGetAsync(int operations)
    {
        for (var n = 0; n < operations; n++)
        {
            if ((await _plainLibrary.GetDatabase().StringGetAsync(Prefix + _keys[n % Keys])).IsNull)
                throw new InvalidOperationException("The key is not there.");
        }
    }

    public async Task LibrarySetAsync(int operations)
    {
        for (var n = 0; n < operations; n++)
            await _plainLibrary.GetDatabase().StringSetAsync(Prefix + _keys[n % Keys], _values[n % Keys], TimeSpan.FromHours(1));
    }

    public Task L2HitAsync(int operations) => HitAsync(_tiered, operations);

    /// <summary>As while there is no direct connection.</summary>
    public Task LibraryHitAsync(int operations) => HitAsync(_byLibrary, operations);

    /// <summary>Reads of L2 that are under way at once, each on its way to its value, as requests of many tenants are.</summary>
    public Task ReadAtOnceAsync(int operations) => AtOnceAsync(_l2, operations);

    public Task LibraryReadAtOnceAsync(int operations) => AtOnceAsync(_l2ByLibrary, operations);

    public Task EncryptedHitAsync(int operations) => HitAsync(_encrypted, operations);

    private Task AtOnceAsync(ValkeyConfigCache l2, int operations) => Task.WhenAll(_keys.Select(async key =>
    {
        for (var n = 0; n < operations / Keys; n++)
        {
            if (!(await l2.GetAsync<TenantConfig>(key)).IsHit)
                throw new InvalidOperationException("The key is not there.");
        }
    }));

    private async Task HitAsync(TieredCache cache, int operations)
    {
        for (var n = 0; n < operations; n++)
        {
            var lookup = await cache.GetOrFetchAsync<ValkeyScene, TenantConfig>(
                _keys[n % Keys], this, static (_, _) => throw new InvalidOperationException("A hit does not fetch."));
            if (lookup.Source != CacheSource.L2)
                throw new InvalidOperationException($"Expected a hit in L2, but it was {lookup.Source}.");
        }
    }

    public async Task SetAsync(int operations)
    {
        for (var n = 0; n < operations; n++)
            await _tiered.SetAsync(_keys[n % Keys], _configs[n % Keys], TimeSpan.FromHours(1));
    }

    public async ValueTask DisposeAsync()
    {
        _raw.Dispose();
        _plainLibrary.Dispose();
        await _client.DisposeAsync();
        await _connection.DisposeAsync();
        await _library.DisposeAsync();
        await _server.DisposeAsync();
    }
}
