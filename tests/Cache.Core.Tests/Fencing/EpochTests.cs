using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Fencing;

/// <summary>NoResurrection in one process: an invalidation wins against every fill that began before it.</summary>
public sealed class EpochTests
{
    private readonly InMemoryCacheClient _client = new();
    private readonly TieredCache _cache;
    private readonly Source _source = new();

    public EpochTests() => _cache = new TieredCache(new TieredCacheOptions(), new ValkeyConfigCache(_client));

    [Fact]
    public async Task NoResurrection_InvalidatedDuringTheFetch_FillsNeitherTier()
    {
        var gate = _source.Hold(FetchResult<string>.Found("old"));
        var slow = _source.LookupAsync(_cache, "k").AsTask();
        await gate.ReachedAsync();

        await _cache.InvalidateAsync("k");
        gate.Open();
        await slow;

        Assert.False((await _cache.GetAsync<string>("k")).IsHit);
        Assert.Null(await _client.GetAsync("cache:k"));
    }

    [Fact]
    public async Task NoResurrection_CallerAfterTheInvalidation_DoesNotJoinTheOvertakenFetch()
    {
        var gate = _source.Hold(FetchResult<string>.Found("old"));
        var slow = _source.LookupAsync(_cache, "k").AsTask();
        await gate.ReachedAsync();
        await _cache.InvalidateAsync("k");
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("new"));

        var later = await _source.LookupAsync(_cache, "k");
        gate.Open();
        await slow;

        Assert.Equal("new", later.Value);
        Assert.Equal("new", (await _cache.GetAsync<string>("k")).Value);
        Assert.Equal("\"new\"", System.Text.Encoding.UTF8.GetString((await _client.GetAsync("cache:k"))!));
    }

    [Fact]
    public async Task NoResurrection_InvalidatedDuringARefresh_FillsNeitherTier()
    {
        var gate = _source.Hold(FetchResult<string>.Found("old"));
        var slow = _source.RefreshAsync(_cache, "k").AsTask();
        await gate.ReachedAsync();

        await _cache.InvalidateAsync("k");
        gate.Open();
        await slow;

        Assert.False((await _cache.GetAsync<string>("k")).IsHit);
    }

    [Fact]
    public async Task NoResurrection_InvalidatedWhileReadingL2_DoesNotFillL1()
    {
        await _client.SetAsync("cache:k", "\"old\""u8.ToArray(), TimeSpan.FromHours(1));
        var gate = new Gate();
        var held = 0;
        _client.AfterCall = async (command, stop) =>
        {
            if (command == "GET" && Interlocked.Exchange(ref held, 1) == 0)
                await gate.PassAsync(stop);
        };
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("new"));
        var slow = _source.LookupAsync(_cache, "k").AsTask();
        await gate.ReachedAsync();

        await _cache.InvalidateAsync("k");
        gate.Open();
        var answer = await slow;

        Assert.Equal("new", answer.Value);
        Assert.Equal("new", (await _cache.GetAsync<string>("k")).Value);
    }

    [Fact]
    public async Task NoResurrection_InvalidatedWhileWritingL2_LeavesNothingInL2()
    {
        var gate = new Gate();
        _client.BeforeCall = async (command, stop) =>
        {
            if (command == "SET")
                await gate.PassAsync(stop);
        };
        var slow = _source.LookupAsync(_cache, "k").AsTask();
        await gate.ReachedAsync();

        await _cache.InvalidateAsync("k");
        gate.Open();
        await slow;

        Assert.Null(await _client.GetAsync("cache:k"));
    }

    [Fact]
    public async Task NoResurrection_UnderStress_NoReadAfterAnInvalidationIsOlderThanIt()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var version = 0;
        _source.Answer = async _ =>
        {
            var read = Volatile.Read(ref version);
            await Task.Yield();
            return FetchResult<string>.Found(read.ToString(System.Globalization.CultureInfo.InvariantCulture));
        };
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await _source.LookupAsync(_cache, "k");
        })).ToArray();

        for (var round = 0; round < 500; round++)
        {
            var current = Interlocked.Increment(ref version);
            await _cache.InvalidateAsync("k");
            var seen = int.Parse((await _source.LookupAsync(_cache, "k")).Value!, System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(seen >= current, $"Seed {seed}, round {round}: read {seen} after the invalidation of {current}.");
            if (random.Next(4) == 0)
                await Task.Yield();
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
    }
}
