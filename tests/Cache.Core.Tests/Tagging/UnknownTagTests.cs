using System.Globalization;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;

namespace Cache.Core.Tests.Tagging;

/// <summary>A tag that changed elsewhere, or was only made, is asked for again; who does not read L2 keeps what still holds.</summary>
public sealed class UnknownTagTests
{
    private static readonly CacheEntryOptions L1Only = new() { Skip = CacheSteps.ReadL2 | CacheSteps.FillL2, Tags = ["red"] };
    private readonly InMemoryCacheClient _client = new();
    private readonly FakeCoherence _coherence = new();
    private readonly TieredCache _cache;
    private int _fetched;

    public UnknownTagTests() =>
        _cache = new TieredCache(new TieredCacheOptions(), new ValkeyConfigCache(_client), coherence: _coherence);

    [Fact]
    public async Task TagHeardAsChanged_AndStillTheSame_WhoSkipsL2KeepsTheEntry()
    {
        await FetchAsync();
        _coherence.Change("cache:~tag~red");

        await FetchAsync();

        Assert.Equal(1, _fetched);
    }

    [Fact]
    public async Task TagChanged_WhoSkipsL2FetchesAnew()
    {
        await FetchAsync();
        await _client.SetAsync("cache:~tag~red", "another"u8.ToArray(), TimeSpan.FromHours(1));
        _coherence.Change("cache:~tag~red");

        await FetchAsync();

        Assert.Equal(2, _fetched);
    }

    /// <summary>More tags than a process remembers: nobody tells it of a forgotten one's changes, so what was read of that later would stand for ever.</summary>
    [Fact]
    public async Task TagThatWasForgotten_ThenChanged_WhoSkipsL2FetchesAnew()
    {
        await FetchAsync();
        for (var n = 0; n <= 100_000; n++)
            await _cache.RemoveByTagAsync(n.ToString(CultureInfo.InvariantCulture));
        await FetchAsync();
        var fetched = _fetched;
        await _client.SetAsync("cache:~tag~red", "another"u8.ToArray(), TimeSpan.FromHours(1));
        _coherence.Change("cache:~tag~red");

        await FetchAsync();

        Assert.Equal(fetched + 1, _fetched);
    }

    private async Task FetchAsync() => await _cache.GetOrFetchAsync(
        "k",
        this,
        static (tests, _) =>
        {
            tests._fetched++;
            return ValueTask.FromResult(FetchResult<string>.Found("value"));
        },
        L1Only);
}
