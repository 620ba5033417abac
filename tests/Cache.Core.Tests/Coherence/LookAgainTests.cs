using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Coherence;

/// <summary>What a told change, a lost channel and an expired lease do to lookups: every order forced.</summary>
public sealed class LookAgainTests
{
    private const string Stored = "cache:k";
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryCacheClient _client;
    private readonly ManualCoherence _coherence = new(Lease);
    private readonly TieredCache _cache;
    private readonly Source _source = new();

    public LookAgainTests()
    {
        _client = new InMemoryCacheClient(_time);
        _cache = new TieredCache(new TieredCacheOptions(), new ValkeyConfigCache(_client), _time, coherence: _coherence);
        _coherence.State.ProvenUntil = long.MaxValue;
    }

    [Fact]
    public async Task ForeignChange_EntryInL1_IsReadAgainFromL2()
    {
        await PutAsync("old");
        await LookUpAsync("old", CacheSource.L2);
        await LookUpAsync("old", CacheSource.L1);

        await PutAsync("new");
        _coherence.Change(Stored);

        await LookUpAsync("new", CacheSource.L2);
        await LookUpAsync("new", CacheSource.L1);
        Assert.Equal(0, _source.Calls);
    }

    [Fact]
    public async Task ForeignChange_ToldWhileL2IsRead_RejectsTheFill()
    {
        await PutAsync("old");
        var gate = HoldNextRead();
        var slow = _source.LookupAsync(_cache, "k").AsTask();
        await gate.ReachedAsync();

        // The read has its answer already as far as anybody can tell; the push overtakes it.
        _coherence.Change(Stored);
        gate.Open();
        await slow;
        await PutAsync("new");
        _coherence.Change(Stored);

        await LookUpAsync("new", CacheSource.L2);
    }

    [Fact]
    public async Task ForeignChange_ToldAfterTheFill_UnprovesIt()
    {
        await PutAsync("old");
        await LookUpAsync("old", CacheSource.L2);
        await PutAsync("new");

        await LookUpAsync("old", CacheSource.L1); // not told yet: within the lease
        _coherence.Change(Stored);

        await LookUpAsync("new", CacheSource.L2);
    }

    [Fact]
    public async Task ForeignChange_OfAnotherKeyOrPrefix_TouchesNothing()
    {
        await PutAsync("value");
        await LookUpAsync("value", CacheSource.L2);

        _coherence.Change("cache:other");
        _coherence.Change("elsewhere:k");

        await LookUpAsync("value", CacheSource.L1);
    }

    [Fact]
    public async Task RevocationWins_DeletedElsewhereAndSourceFailing_IsNotServedStale()
    {
        await PutAsync("old");
        await LookUpAsync("old", CacheSource.L2);
        _source.Answer = _ => throw new HttpRequestException("the source is away");

        await _client.DeleteAsync([Stored]);
        _coherence.Change(Stored);

        await Assert.ThrowsAsync<HttpRequestException>(() => _source.LookupAsync(_cache, "k").AsTask());
        await Assert.ThrowsAsync<HttpRequestException>(() => _source.LookupAsync(_cache, "k").AsTask());
    }

    [Fact]
    public async Task OutageServes_ChangedElsewhereAndBothAway_IsServedStale()
    {
        await PutAsync("old");
        await LookUpAsync("old", CacheSource.L2);
        _source.Answer = _ => throw new HttpRequestException("the source is away");
        _client.BeforeCall = (_, _) => throw new CacheUnavailableException("away");

        _coherence.Change(Stored);

        var answer = await _source.LookupAsync(_cache, "k");
        Assert.True(answer.IsStale);
        Assert.Equal("old", answer.Value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OwnWrite_ItsEcho_NeitherEvictsNorCostsAFetch(bool echoBeforeTheAnswer)
    {
        var armed = echoBeforeTheAnswer;
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("value"));
        _client.AfterCall = (command, _) =>
        {
            if (armed && command == "SET")
            {
                armed = false;
                _coherence.Change(Stored);
            }

            return ValueTask.CompletedTask;
        };

        await LookUpAsync("value", CacheSource.Fetch);
        if (!echoBeforeTheAnswer)
            _coherence.Change(Stored);
        Assert.Equal(1, _cache.L1Count);

        await LookUpAsync("value", CacheSource.L2);
        await LookUpAsync("value", CacheSource.L1);
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task OwnWrite_ForeignDeletionBehindItsEcho_IsSeen()
    {
        await LookUpAsync("value", CacheSource.Fetch);

        // One push stands for both.
        await _client.DeleteAsync([Stored]);
        _coherence.Change(Stored);
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("new"));

        await LookUpAsync("new", CacheSource.Fetch);
    }

    [Fact]
    public async Task Lease_RunOut_EntryIsReadAgainAndOnceMoreAfterTheLease()
    {
        _coherence.State.ProvenUntil = _time.GetTimestamp() + Lease.Ticks;
        await PutAsync("old");
        await LookUpAsync("old", CacheSource.L2);
        _time.Advance(Lease - TimeSpan.FromTicks(1));
        await LookUpAsync("old", CacheSource.L1);

        await PutAsync("new"); // and nobody tells
        _time.Advance(TimeSpan.FromTicks(1));

        await LookUpAsync("new", CacheSource.L2);
        await LookUpAsync("new", CacheSource.L1); // read within the last lease: it proves itself
        await PutAsync("newest");
        _time.Advance(Lease);
        await LookUpAsync("newest", CacheSource.L2);
    }

    [Fact]
    public async Task Proof_Raised_EntriesFromBeforeAreReadAgain()
    {
        await PutAsync("old");
        await LookUpAsync("old", CacheSource.L2);
        await PutAsync("new");
        _time.Advance(Lease);

        _coherence.State.ProvenUntil = long.MinValue;
        _coherence.State.Raise();
        _coherence.State.ProvenUntil = long.MaxValue;

        await LookUpAsync("new", CacheSource.L2);
        await LookUpAsync("new", CacheSource.L1);
    }

    [Fact]
    public async Task Proof_RaisedWhileL2IsRead_TheFillIsUnprovenBeyondTheLease()
    {
        await PutAsync("old");
        var gate = HoldNextRead();
        var slow = _source.LookupAsync(_cache, "k").AsTask();
        await gate.ReachedAsync();
        _coherence.State.Raise();
        gate.Open();
        await slow;

        _time.Advance(Lease);

        await LookUpAsync("old", CacheSource.L2);
    }

    [Fact]
    public async Task Flush_Told_UnprovesEverything()
    {
        await PutAsync("old");
        await LookUpAsync("old", CacheSource.L2);
        await _client.DeleteAsync([Stored]);
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("new"));

        _coherence.Flush();

        await LookUpAsync("new", CacheSource.Fetch);
    }

    private async Task PutAsync(string value) =>
        await _client.SetAsync(Stored, System.Text.Encoding.UTF8.GetBytes($"\"{value}\""), TimeSpan.FromHours(1));

    private async Task LookUpAsync(string value, CacheSource source)
    {
        var answer = await _source.LookupAsync(_cache, "k");
        Assert.Equal((value, source, false), (answer.Value, answer.Source, answer.IsStale));
    }

    private Gate HoldNextRead()
    {
        var gate = new Gate();
        var held = 0;
        _client.BeforeCall = async (command, stop) =>
        {
            if (command == "GET" && Interlocked.Exchange(ref held, 1) == 0)
                await gate.PassAsync(stop);
        };
        return gate;
    }
}
