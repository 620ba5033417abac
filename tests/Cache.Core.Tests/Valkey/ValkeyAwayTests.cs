using System.Globalization;
using System.Text.Json;
using Cache.Core.Formats;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey;

/// <summary>
/// A Valkey that is away costs a look-up nothing: nobody waits for a connection that is not there, nor for an answer that
/// others have waited for in vain (CacheNeverFails). All limits here are longer than the tests may take.
/// </summary>
public sealed class ValkeyAwayTests(ValkeyFixture valkey) : IClassFixture<ValkeyFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(2);
    private readonly FakeTimeProvider _time = new();
    private readonly FakeCoherence _coherence = new();
    private readonly Source _source = new();

    public Task InitializeAsync()
    {
        _coherence.Lose();
        return valkey.EnsureRunningAsync();
    }

    public Task DisposeAsync() => valkey.EnsureRunningAsync();

    [Fact]
    public async Task RefusedPort_NothingWaits_NotEvenTheFirst()
    {
        await using var clients = Connect(RefusedAddress());
        var cache = Create(clients);

        Assert.Equal(CacheSource.Fetch, (await _source.LookupAsync(cache, "looked up").AsTask().WaitAsync(Deadline)).Source);
        await cache.SetAsync("set", "value", Tagged("red")).AsTask().WaitAsync(Deadline);
        await cache.InvalidateAsync("looked up").AsTask().WaitAsync(Deadline);
        await cache.RemoveByTagAsync("red").AsTask().WaitAsync(Deadline);
        Assert.Null(await cache.TryGetAsync<string>("set").AsTask().WaitAsync(Deadline));
    }

    [Fact]
    public async Task RefusedPort_TheHostStartsAtOnce()
    {
        await using var clients = Connect(RefusedAddress());

        await new ValkeyOpener(clients.Connection).StartAsync(CancellationToken.None).WaitAsync(Deadline);
    }

    [Fact]
    public async Task SilentServer_TheHostWaitsOnce_SoThatNoLookupDoes()
    {
        using var silent = new SilentServer();
        await using var clients = Connect(silent.Address);
        var cache = Create(clients);

        var starting = new ValkeyOpener(clients.Connection).StartAsync(CancellationToken.None);
        Assert.False(starting.IsCompleted);
        _time.Advance(FirstWait);
        await starting.WaitAsync(Deadline);

        Assert.Equal(CacheSource.Fetch, (await _source.LookupAsync(cache, "a").AsTask().WaitAsync(Deadline)).Source);
        await cache.InvalidateAsync("a").AsTask().WaitAsync(Deadline);
    }

    [Fact]
    public async Task SilentServer_WithoutAHost_LookupsWaitUntilItIsClear_TogetherAndOnce()
    {
        using var silent = new SilentServer();
        await using var clients = Connect(silent.Address);
        var cache = Create(clients);

        var first = Enumerable.Range(0, 5).Select(n => _source.LookupAsync(cache, $"first {n}").AsTask()).ToList();
        Assert.DoesNotContain(first, lookup => lookup.IsCompleted);
        _time.Advance(FirstWait);

        Assert.All(await Task.WhenAll(first).WaitAsync(Deadline), lookup => Assert.Equal(CacheSource.Fetch, lookup.Source));
        Assert.Equal(CacheSource.Fetch, (await _source.LookupAsync(cache, "later").AsTask().WaitAsync(Deadline)).Source);
    }

    [Fact]
    public async Task ServerThatIsThere_TheHostWaitsForIt_AndTheFirstLookupReadsIt()
    {
        await using (var before = Connect(Address(valkey)))
            await _source.LookupAsync(Create(before), "kept");

        await using var clients = Connect(Address(valkey));
        await new ValkeyOpener(clients.Connection).StartAsync(CancellationToken.None).WaitAsync(Deadline);

        Assert.Equal(CacheSource.L2, (await _source.LookupAsync(Create(clients), "kept").AsTask().WaitAsync(Deadline)).Source);
    }

    [Fact]
    public async Task HungServer_IsWaitedForOnce_ThenLeftAlone_AndUsedAgainWhenItAnswers()
    {
        await using var clients = Connect(Address(valkey));
        await clients.DirectAsync("k");
        await _source.LookupAsync(Create(clients), "kept");
        var cache = Create(clients);

        valkey.Server.Pause();
        var waiting = _source.LookupAsync(cache, "waits").AsTask();
        await Eventually.HoldsAsync("the look-up waits for its answer", () => _time.IsTiming(Never));
        _time.Advance(Never);
        Assert.Equal(CacheSource.Fetch, (await waiting.WaitAsync(Deadline)).Source);
        for (var n = 0; n < 20; n++)
            Assert.Equal(CacheSource.Fetch, (await _source.LookupAsync(cache, string.Create(CultureInfo.InvariantCulture, $"after {n}")).AsTask().WaitAsync(Deadline)).Source);
        await cache.SetAsync("set", "value", Tagged("red")).AsTask().WaitAsync(Deadline);

        valkey.Server.Resume();
        await Eventually.HoldsAsync("a direct connection", () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return clients.Connection.Direct("k") is not null;
        });
        Assert.Equal(CacheSource.L2, (await _source.LookupAsync(Create(clients), "kept").AsTask().WaitAsync(Deadline)).Source);
    }

    /// <summary>A process reads what it has written itself, for as long as its lease would last.</summary>
    [Fact]
    public async Task ValueThatWasSet_IsAHit_UntilTheLeaseIsOver()
    {
        await using var clients = Connect(RefusedAddress());
        var cache = Create(clients);
        await cache.SetAsync("k", "set", TimeSpan.FromMinutes(5));

        Assert.Equal((CacheSource.L1, "set"), await LookUpAsync(cache, "k"));
        _time.Advance(_coherence.Lease);
        Assert.Equal((CacheSource.Fetch, "value"), await LookUpAsync(cache, "k"));
    }

    [Fact]
    public async Task TagOfSeveralEntries_IsTheSameForAll_AndAnotherTagsRemovalTakesNone()
    {
        await using var clients = Connect(RefusedAddress());
        var cache = Create(clients);
        await cache.SetAsync("k1", "set", Tagged("yellow"));
        await cache.SetAsync("k2", "set", Tagged("yellow"));

        await cache.RemoveByTagAsync("green");
        Assert.Equal((CacheSource.L1, "set"), await LookUpAsync(cache, "k1"));
        Assert.Equal((CacheSource.L1, "set"), await LookUpAsync(cache, "k2"));

        await cache.RemoveByTagAsync("yellow");
        Assert.Equal((CacheSource.Fetch, "value"), await LookUpAsync(cache, "k1"));
        Assert.Equal((CacheSource.Fetch, "value"), await LookUpAsync(cache, "k2"));
    }

    private static CacheEntryOptions Tagged(string tag) => new() { Tags = [tag] };

    private static string RefusedAddress() => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort.Next()}");

    private static string Address(ValkeyFixture server) => string.Create(CultureInfo.InvariantCulture, $"{server.Host}:{server.Port}");

    private async Task<(CacheSource Source, string? Value)> LookUpAsync(TieredCache cache, string key)
    {
        var lookup = await _source.LookupAsync(cache, key).AsTask().WaitAsync(Deadline);
        return (lookup.Source, lookup.Value);
    }

    private ValkeyClients Connect(string address) => new(
        new ValkeyOptions { Addresses = [address], Password = valkey.Password, DialTimeout = Never, ReadTimeout = Never, WriteTimeout = Never }, time: _time);

    private TieredCache Create(ValkeyClients clients) =>
        new(new TieredCacheOptions(), new ValkeyConfigCache(clients.Client, "away:", new EnvelopeFormat(new JsonSerializers(JsonSerializerOptions.Web))), _time, coherence: _coherence);
}
