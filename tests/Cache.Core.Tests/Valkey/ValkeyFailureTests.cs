using System.Diagnostics;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Polly.CircuitBreaker;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey;

/// <summary>CacheNeverFails against a real Valkey that hangs, dies and comes back empty.</summary>
public sealed class ValkeyFailureTests(ValkeyFixture valkey) : IClassFixture<ValkeyFixture>, IAsyncLifetime
{
    /// <summary>Where the server does not answer. Elsewhere tests are patient, because a busy machine may pause.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(500);

    private readonly Source _source = new();
    private ValkeyClients? _clients;
    private ValkeyClients? _patient;

    public async Task InitializeAsync()
    {
        await valkey.EnsureRunningAsync();
        _clients = new ValkeyClients(valkey, Timeout);
        _patient = new ValkeyClients(valkey);
        await RecoversAsync();
    }

    public async Task DisposeAsync()
    {
        await valkey.EnsureRunningAsync();
        await _clients!.DisposeAsync();
        await _patient!.DisposeAsync();
    }

    [Fact]
    public async Task HungValkey_CallsEndAsUnavailable_AndTheBreakerSparesTheRest()
    {
        valkey.Server.Pause();

        // After the first few, the breaker answers without waiting, save for a probe now and then.
        var sent = 0;
        for (var n = 0; n < 50; n++)
        {
            var failure = await Assert.ThrowsAsync<CacheUnavailableException>(async () => await _clients!.Client.GetAsync("k"));
            sent += failure.InnerException is BrokenCircuitException ? 0 : 1;
        }

        Assert.InRange(sent, 1, 20);
        valkey.Server.Resume();
        await RecoversAsync();
    }

    [Fact]
    public async Task KilledValkey_LookupsGoOn_AndItIsUsedAgainWhenBack()
    {
        var cache = new TieredCache(new TieredCacheOptions(), new ValkeyConfigCache(_clients!.Client, "t:"));
        await _source.LookupAsync(cache, "before");

        await valkey.Server.KillAsync();
        Assert.Equal(CacheSource.Fetch, (await _source.LookupAsync(cache, "during")).Source);
        Assert.Equal(CacheSource.L1, (await _source.LookupAsync(cache, "before")).Source);
        await valkey.Server.StartAsync();

        await RecoversAsync();
        Assert.Equal(0L, await valkey.ExecuteAsync("EXISTS", "t:before"));
        await Eventually.HoldsAsync("what is fetched is written to Valkey again", async () =>
        {
            await _source.RefreshAsync(cache, "after");
            return await valkey.ExecuteAsync("EXISTS", "t:after") is 1L;
        });
    }

    /// <summary>A call that waited for its time limit here would outlast the test.</summary>
    [Fact]
    public async Task KilledValkey_CallsFailWithoutWaitingForTheirTimeLimit()
    {
        await using var clients = new ValkeyClients(valkey, timeout: TimeSpan.FromMinutes(10));
        await clients.Client.PingAsync();

        await valkey.Server.KillAsync();

        await Assert.ThrowsAsync<CacheUnavailableException>(() => clients.Client.GetAsync("k").AsTask().WaitAsync(TimeSpan.FromSeconds(60)));
        await Assert.ThrowsAsync<CacheUnavailableException>(() => clients.PubSub.PublishAsync("c", "m"u8.ToArray()).AsTask().WaitAsync(TimeSpan.FromSeconds(60)));
        await Assert.ThrowsAsync<CacheUnavailableException>(
            () => clients.PubSub.SubscribeAsync("c", _ => ValueTask.CompletedTask).AsTask().WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task ReadOnlyValkey_ServesWhatItHas_LookupsGoOn_AndRevocationsAreOwed()
    {
        var cache = CreatePatient();
        await _source.LookupAsync(cache, "before");
        await valkey.ExecuteAsync("REPLICAOF", "127.0.0.1", "1"); // a primary that has been demoted
        try
        {
            Assert.Equal(CacheSource.L2, (await _source.LookupAsync(CreatePatient(), "before")).Source);
            Assert.Equal(CacheSource.Fetch, (await _source.LookupAsync(cache, "during")).Source);
            Assert.Equal(0L, await valkey.ExecuteAsync("EXISTS", "t:during"));
            await cache.InvalidateAsync("before");
        }
        finally
        {
            await valkey.ExecuteAsync("REPLICAOF", "NO", "ONE");
        }

        await Eventually.HoldsAsync("the owed invalidation is done", async () => await valkey.ExecuteAsync("EXISTS", "t:before") is 0L);
    }

    [Fact]
    public async Task FullValkey_ServesWhatItHas_LookupsGoOn_AndRevocationsStillTakeEffect()
    {
        var cache = CreatePatient();
        await _source.LookupAsync(cache, "invalidated");
        await _source.LookupAsync(cache, "denied");
        await valkey.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");
        try
        {
            Assert.Equal(CacheSource.L2, (await _source.LookupAsync(CreatePatient(), "denied")).Source);
            Assert.Equal(CacheSource.Fetch, (await _source.LookupAsync(cache, "during")).Source);
            await cache.InvalidateAsync("invalidated");
            Assert.Equal(0L, await valkey.ExecuteAsync("EXISTS", "t:invalidated"));
            _source.Answer = _ => Task.FromResult(FetchResult<string>.Denied("suspended", 3));
            Assert.Equal(FetchOutcome.Denied, (await _source.RefreshAsync(cache, "denied")).Outcome);
            Assert.Equal(0L, await valkey.ExecuteAsync("EXISTS", "t:denied"));
        }
        finally
        {
            await valkey.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        }

        await Eventually.HoldsAsync("the tombstone is left", async () => await valkey.ExecuteAsync("HEXISTS", "fence:{t:denied}", "d") is 1L);
    }

    [Fact]
    public async Task HungValkey_LookupsAndRevocationsAreBounded_AndRevocationsAreDoneWhenItAnswers()
    {
        var cache = Create();
        await _source.LookupAsync(cache, "before");
        valkey.Server.Pause();

        var clock = Stopwatch.StartNew();
        Assert.Equal(CacheSource.Fetch, (await _source.LookupAsync(cache, "during")).Source);
        await cache.InvalidateAsync("before");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"It took {clock.Elapsed}.");

        valkey.Server.Resume();
        await Eventually.HoldsAsync("the invalidation is done", async () => await valkey.ExecuteAsync("EXISTS", "t:before") is 0L);
    }

    [Fact]
    public async Task GarbageInValkey_IsAMiss_AndReplaced()
    {
        var cache = CreatePatient();
        await valkey.ExecuteAsync("LPUSH", "t:wrong-type", "x");
        await valkey.ExecuteAsync("SET", "t:no-json", "\u0001\u0002");
        await valkey.ExecuteAsync("SET", "fence:{t:fence}", "x");

        foreach (var key in new[] { "wrong-type", "no-json", "fence" })
            Assert.Equal((CacheSource.Fetch, "value"), ((await _source.LookupAsync(cache, key)).Source, (await _source.LookupAsync(CreatePatient(), key)).Value));
    }

    [Fact]
    public async Task Subscription_ComesBackAfterALoss_AndSaysSo()
    {
        var received = 0;
        var restored = 0;
        _patient!.PubSub.Restored += () => Interlocked.Increment(ref restored);
        await using var subscription = await _patient.PubSub.SubscribeAsync("channel", _ =>
        {
            Interlocked.Increment(ref received);
            return ValueTask.CompletedTask;
        });

        await valkey.RestartEmptyAsync();

        await Eventually.HoldsAsync(
            "a message arrives after the loss",
            async () =>
            {
                await valkey.ExecuteAsync("PUBLISH", "channel", "x");
                return Volatile.Read(ref received) > 0;
            });
        await Eventually.HoldsAsync("the loss is reported", () => Volatile.Read(ref restored) > 0);
    }

    [Fact]
    public async Task ValkeyAwayAtStart_FirstCallIsBounded_AndItIsUsedWhenItComes()
    {
        await valkey.Server.KillAsync();
        await using var clients = new ValkeyClients(valkey, Timeout);

        var clock = Stopwatch.StartNew();
        await Assert.ThrowsAsync<CacheUnavailableException>(async () => await clients.Client.GetAsync("k"));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"The first call took {clock.Elapsed}.");
        await Assert.ThrowsAsync<CacheUnavailableException>(async () => await clients.PubSub.SubscribeAsync("c", _ => ValueTask.CompletedTask));

        await valkey.Server.StartAsync();
        await Eventually.HoldsAsync("the client connects", async () => await clients.Client.PingAsync() >= TimeSpan.Zero);
    }

    private TieredCache Create() => new(new TieredCacheOptions(), new ValkeyConfigCache(_clients!.Client, "t:"));

    private TieredCache CreatePatient() => new(new TieredCacheOptions(), new ValkeyConfigCache(_patient!.Client, "t:"));

    private Task RecoversAsync() =>
        Eventually.HoldsAsync("Valkey is used again", async () => await _clients!.Client.PingAsync() >= TimeSpan.Zero);
}
