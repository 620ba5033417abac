using System.Text.Json;
using Cache.Core.Formats;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Tagging;

/// <summary>Tags that change elsewhere, and what is believed of them while nobody can tell.</summary>
public sealed class TagCoherenceTests
{
    private const string Tag = "cache:~tag~red";
    private readonly FakeTimeProvider _time = new();
    private readonly FakeCoherence _coherence = new();
    private readonly InMemoryCacheClient _client;
    private readonly TieredCache _cache;
    private readonly TieredCache _elsewhere;
    private int _created;

    public TagCoherenceTests()
    {
        _client = new InMemoryCacheClient(_time);
        _cache = Create(_coherence);
        _elsewhere = Create(coherence: null);
    }

    [Fact]
    public async Task RemovedElsewhere_ToldByTheChannel_IsCreatedAnew()
    {
        Assert.Equal(1, await GetAsync(_cache));
        await _elsewhere.RemoveByTagAsync("red");
        _coherence.Change("cache:~tag~unknown");
        Assert.Equal(1, await GetAsync(_cache));

        _coherence.Change(Tag);

        Assert.Equal(2, await GetAsync(_cache));
        Assert.Equal(2, await GetAsync(_cache));
    }

    [Fact]
    public async Task Flushed_TheTagIsReadAgain_AndTheEntryCreatedAnew()
    {
        Assert.Equal(1, await GetAsync(_cache));
        await _client.DeleteAsync([Tag, "cache:k"]);

        _coherence.Flush();

        Assert.Equal(2, await GetAsync(_cache));
    }

    [Fact]
    public async Task Flushed_WhatAnotherProcessHasStoredSince_IsBelieved()
    {
        Assert.Equal(1, await GetAsync(_cache));
        await _client.DeleteAsync([Tag, "cache:k"]);
        _coherence.Flush();
        Assert.Equal(2, await GetAsync(Create(coherence: null)));

        Assert.Equal(2, await GetAsync(_cache));
    }

    [Fact]
    public async Task AToldChange_ThatWasNone_LeavesTheEntryAsItIs()
    {
        Assert.Equal(1, await GetAsync(_cache));

        _coherence.Change(Tag);

        Assert.Equal(1, await GetAsync(_cache));
    }

    [Fact]
    public async Task RemovedElsewhere_WhileTheChannelIsDown_IsSeenWhenItIsBack()
    {
        Assert.Equal(1, await GetAsync(_cache));
        _coherence.Lose();
        await _elsewhere.RemoveByTagAsync("red");

        _coherence.Restore();

        Assert.Equal(2, await GetAsync(_cache, "other"));
        Assert.Equal(3, await GetAsync(_cache));
    }

    [Fact]
    public async Task WhileL2IsAway_WhatIsCreatedIsKeptHere_AndNotBelievedFromThereLater()
    {
        _client.IsUnavailable = true;
        Assert.Equal(1, await GetAsync(_cache));
        Assert.Equal(1, await GetAsync(_cache));
        _client.IsUnavailable = false;

        Assert.Equal(2, await GetAsync(_elsewhere));
        await _elsewhere.RemoveByTagAsync("red");
        Assert.Equal(3, await GetAsync(_elsewhere));
    }

    [Fact]
    public async Task ATagThatL2HasLost_MakesItsEntriesMisses()
    {
        Assert.Equal(1, await GetAsync(_cache));
        await _client.DeleteAsync([Tag]);

        Assert.Equal(2, await GetAsync(Create(coherence: null)));
    }

    private ValueTask<int> GetAsync(TieredCache cache, string key = "k") =>
        cache.GetOrCreateAsync(key, this, static (tests, _) => ValueTask.FromResult(++tests._created), options: null, tags: ["red"]);

    private TieredCache Create(FakeCoherence? coherence) =>
        new(new TieredCacheOptions { Jitter = 0 }, new ValkeyConfigCache(_client, "cache:", Envelope()), _time, logger: null, coherence);

    private static EnvelopeFormat Envelope() => new(new JsonSerializers(JsonSerializerOptions.Web));
}
