using System.Globalization;
using System.Text.Json;
using Cache.Core.Formats;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Loading;

/// <summary>Answers of the source that cannot be kept: their lease is free at once, and neither tier holds what they have outdated.</summary>
public sealed class AnswerTests
{
    private static readonly CacheEntryOptions HereOnly = new() { Skip = CacheSteps.FillL2 };
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryCacheClient _client;
    private readonly Source _source = new();
    private readonly TieredCache _cache;

    public AnswerTests()
    {
        _client = new InMemoryCacheClient(_time);
        _cache = Create();
    }

    public enum Kind
    {
        Found,
        NotFound,
        Denied,
    }

    [Theory]
    [InlineData(Kind.Found)]
    [InlineData(Kind.Denied)]
    public async Task OneFetch_AnswerBelowARevisionKnownHere_HoldsNobodyElseUp(Kind kind)
    {
        var (gate, slow) = await FetchAsync(Answer(kind, revision: 6));
        Answers(FetchResult<string>.Found("7", 7));
        await RefreshAsync(HereOnly);
        gate.Open();

        // What is known here is the answer, fresh as it is: nobody need ask again.
        var known = await slow;
        Assert.Equal(("7", CacheSource.L1, false), (known.Value, known.Source, known.IsStale));
        Assert.Equal(2, _source.Calls);
        Assert.True(await IsLeaseFreeAsync());
        Assert.Null(await _client.GetAsync("cache:k"));
    }

    [Theory]
    [InlineData(Kind.Found)]
    [InlineData(Kind.Denied)]
    public async Task MonotonicPod_RefreshBelowARevisionKnownHere_AnswersWithThat_AndAsksOnce(Kind kind)
    {
        Answers(FetchResult<string>.Found("7", 7));
        await RefreshAsync();
        Answers(Answer(kind, revision: 6));

        var known = await RefreshAsync();

        Assert.Equal(("7", CacheSource.L1, false), (known.Value, known.Source, known.IsStale));
        Assert.Equal(2, _source.Calls);
    }

    [Fact]
    public async Task MonotonicPod_SourceThatStaysBehind_IsAskedThreeTimesInAll()
    {
        Answers(FetchResult<string>.Found("7", 7));
        await RefreshAsync();
        await _cache.InvalidateAsync("k");
        Answers(FetchResult<string>.Found("6", 6));

        await Assert.ThrowsAsync<OutdatedAnswerException>(() => LookUpAsync());

        Assert.Equal(1 + 3, _source.Calls);
    }

    [Fact]
    public async Task DenialBelowWhatL2Knows_IsAskedForAgain()
    {
        Answers(FetchResult<string>.Found("7", 7));
        await _source.LookupAsync(Create(), "k");
        _source.Answer = _ =>
        {
            Answers(FetchResult<string>.Found("8", 8));
            return Task.FromResult(FetchResult<string>.Denied("suspended", 6));
        };

        Assert.Equal("8", (await RefreshAsync()).Value);
        Assert.Equal("8", (await _cache.GetAsync<string>("k")).Value);
    }

    [Fact]
    public async Task NotFound_OfAFetchThatBeganWhileL2WasAway_IsAskedForOnce_AndTakesWhatL2Holds()
    {
        await Create().SetAsync("k", "old", TimeSpan.FromHours(1));
        var gate = _source.Hold(FetchResult<string>.NotFound());
        _client.IsUnavailable = true;
        var slow = LookUpAsync();
        await gate.ReachedAsync();
        _client.IsUnavailable = false;
        gate.Open();

        Assert.Equal((FetchOutcome.NotFound, 1), ((await slow).Outcome, _source.Calls));
        Assert.Null(await _client.GetAsync("cache:k"));
    }

    [Fact]
    public async Task Fetch_TakesOneReadAndOneWriteOfL2()
    {
        var commands = Count();

        await LookUpAsync();

        Assert.Equal(["GET", "SET"], commands);
    }

    [Fact]
    public async Task FetchWithoutALease_RenewsNone()
    {
        var gate = _source.Hold(FetchResult<string>.Found("v"));
        var commands = Count();
        var unleased = LookUpAsync(new CacheEntryOptions { Skip = CacheSteps.FillL1 | CacheSteps.FillL2 });
        await gate.ReachedAsync();
        _time.Advance(TimeSpan.FromSeconds(6));
        gate.Open();
        await unleased;

        Assert.DoesNotContain("RENEW", commands);
    }

    [Fact]
    public async Task FetchWithALease_RenewsItAtEachThirdOfItsLife_AndNotAfterwards()
    {
        var (gate, slow) = await FetchAsync(FetchResult<string>.Found("v"));
        var commands = Count();
        for (var third = 1; third <= 4; third++)
        {
            _time.Advance(TimeSpan.FromSeconds(5) / 3 - TimeSpan.FromMilliseconds(1));
            Assert.Equal(third - 1, commands.Count);
            _time.Advance(TimeSpan.FromMilliseconds(1) + TimeSpan.FromTicks(1));
            Assert.Equal(third, commands.Count(command => command == "RENEW"));
        }

        Assert.False(await IsLeaseFreeAsync());
        gate.Open();
        await slow;
        commands.Clear();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(commands);
    }

    [Theory]
    [InlineData(Kind.Found)]
    [InlineData(Kind.NotFound)]
    public async Task OneFetch_AnswerThatWasRevokedHereWhileL2WasAway_HoldsNobodyElseUp(Kind kind)
    {
        var (gate, slow) = await FetchAsync(Answer(kind));
        _client.IsUnavailable = true;
        await _cache.InvalidateAsync("k");
        _client.IsUnavailable = false;
        gate.Open();
        await slow;

        // Before this process has told L2 of the invalidation: others read there meanwhile.
        Assert.Null(await _client.GetAsync("cache:k"));
        Assert.True(await IsLeaseFreeAsync());
        Assert.False((await _cache.GetAsync<string>("k")).IsHit);
    }

    [Fact]
    public async Task OneFetch_FailedFetch_HoldsNobodyElseUp()
    {
        _source.Answer = _ => throw new HttpRequestException("away");

        await Assert.ThrowsAsync<HttpRequestException>(() => LookUpAsync());

        Assert.True(await IsLeaseFreeAsync());
    }

    [Theory]
    [InlineData(Kind.Found)]
    [InlineData(Kind.NotFound)]
    [InlineData(Kind.Denied)]
    public async Task OneFetch_Answer_HoldsNobodyElseUp(Kind kind)
    {
        Answers(Answer(kind, revision: 6));

        await LookUpAsync();

        // Not even for a moment: a key that is not there is in the lease's place for a while, and a denied one needs none.
        var note = await _client.Fence.NoteAsync("cache:k", TimeSpan.FromMinutes(1), "somebody", TimeSpan.FromSeconds(1));
        Assert.False(note.IsLeasedElsewhere);
    }

    [Fact]
    public async Task OneFetch_AnswerThatL2IsNotToKeep_HoldsNobodyElseUp()
    {
        Answers(FetchResult<string>.Found("v"));
        await LookUpAsync(HereOnly);

        Assert.True(await IsLeaseFreeAsync());
        Assert.Null(await _client.GetAsync("cache:k"));
    }

    [Fact]
    public async Task OneFetch_TagRemovedDuringEveryFetch_HoldsNobodyElseUp()
    {
        var format = new EnvelopeFormat(new JsonSerializers(JsonSerializerOptions.Web));
        var (tagging, elsewhere) = (Tagging(), Tagging());
        _source.Answer = async stop =>
        {
            var tag = Guid.NewGuid().ToString("N");
            await elsewhere.RemoveByTagAsync(tag, stop);
            return FetchResult<string>.Found("v", options: new CacheEntryOptions { Tags = [tag] });
        };

        Assert.Equal("v", (await _source.LookupAsync(tagging, "k")).Value);

        Assert.True(await IsLeaseFreeAsync());

        TieredCache Tagging() => new(new TieredCacheOptions { Jitter = 0 }, new ValkeyConfigCache(_client, "cache:", format), _time);
    }

    /// <summary>Its fence may be gone by now, and with it the trace of what has overtaken it.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task NoResurrection_AnswerThatCameLaterThanItsFenceLives_IsItsCallersAlone(int beyond, bool isKept)
    {
        var limit = new EntryPlan(new TieredCacheOptions()).NoteLife;
        var gate = new Gate();
        _client.AfterCall = async (command, stop) =>
        {
            if (command != "GET")
                return;
            _client.AfterCall = null;
            await gate.PassAsync(stop);
        };
        var slow = LookUpAsync();
        await gate.ReachedAsync();

        // Not the source was slow, which has a limit of its own; the process stood still.
        _time.Advance(limit - TimeSpan.FromSeconds(1));
        await _client.Fence.NoteAsync("cache:k", TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromSeconds(1) + TimeSpan.FromMilliseconds(beyond));
        gate.Open();

        Assert.Equal("value", (await slow).Value);
        Assert.Equal(isKept, _cache.TryPeekL1<string>("k", out _));
        Assert.Equal(isKept, await _client.GetAsync("cache:k") is not null);
    }

    [Fact]
    public async Task NoResurrection_NotFoundThatL2CannotTake_TakesWhatL2Held()
    {
        await _cache.SetAsync("k", "old", TimeSpan.FromHours(1));
        Answers(FetchResult<string>.NotFound());
        _client.BeforeCall = (command, _) =>
        {
            if (command != "DEL")
                return ValueTask.CompletedTask;
            _client.BeforeCall = null;
            throw new CacheUnavailableException($"{command} was lost.");
        };

        await RefreshAsync();

        Assert.Null(await _client.GetAsync("cache:k"));
        Assert.Equal(FetchOutcome.NotFound, (await LookUpAsync()).Outcome);
    }

    /// <summary>What a value weighs in L1 is its length in L2, from whichever side it comes.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ValueTooHeavyForL1_IsInL2Alone_HoweverItCame(bool isHeavy)
    {
        var caches = new[] { Small(), Small(), Small() };
        var value = new string('x', isHeavy ? 900 : 600);
        Answers(FetchResult<string>.Found(value));
        Assert.Equal(CacheSource.Fetch, (await _source.LookupAsync(caches[0], "k")).Source);
        Assert.Equal(CacheSource.L2, (await _source.LookupAsync(caches[1], "k")).Source);
        await caches[2].SetAsync("k", value, TimeSpan.FromHours(1));

        Assert.All(caches, cache => Assert.Equal(!isHeavy, cache.TryPeekL1<string>("k", out _)));

        // A quarter of it is the heaviest that is kept.
        TieredCache Small() => Create(options => options.L1ByteCapacity = new ByteSize(4000));
    }

    [Fact]
    public async Task FetchThatHasLostItsLease_RenewsItNoLonger()
    {
        var (gate, slow) = await FetchAsync(FetchResult<string>.Found("v"));
        await _client.Fence.InvalidateAsync("cache:k", TimeSpan.FromMinutes(1));
        var commands = Count();

        for (var third = 0; third < 4; third++)
            _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(["RENEW"], commands);
        gate.Open();
        await slow;
    }

    /// <summary>A refresh in the background ends as any other: nobody asks a source that stays behind for ever.</summary>
    [Fact]
    public async Task MonotonicPod_SourceThatStaysBehindInTheBackground_IsAskedThreeTimesInAll()
    {
        var cache = Create(options => options.SoftExpiration = TimeSpan.FromMinutes(1));
        Answers(FetchResult<string>.Found("7", 7));
        await _source.LookupAsync(cache, "k");
        _time.Advance(TimeSpan.FromMinutes(2));
        Answers(FetchResult<string>.Found("6", 6));

        var stale = await _source.LookupAsync(cache, "k");
        Assert.Equal(("7", true), (stale.Value, stale.IsStale));
        await Eventually.HoldsAsync("the source is asked three times", () => _source.Calls == 1 + 3);
        await cache.DisposeAsync(); // waits for the refresh

        Assert.Equal(1 + 3, _source.Calls);
    }

    private static FetchResult<string> Answer(Kind kind, long? revision = null) => kind switch
    {
        Kind.Found => FetchResult<string>.Found("6", revision),
        Kind.NotFound => FetchResult<string>.NotFound(),
        _ => FetchResult<string>.Denied("suspended", revision),
    };

    /// <summary>The commands that L2 is given from now on.</summary>
    private List<string> Count()
    {
        var commands = new List<string>();
        _client.BeforeCall = (command, _) =>
        {
            commands.Add(command);
            return ValueTask.CompletedTask;
        };
        return commands;
    }

    private void Answers(FetchResult<string> answer) => _source.Answer = _ => Task.FromResult(answer);

    /// <summary>A fetch under the key's lease that the source answers when the gate is opened.</summary>
    private async Task<(Gate Gate, Task<CacheLookup<string>> Slow)> FetchAsync(FetchResult<string> answer)
    {
        var gate = _source.Hold(answer);
        var slow = LookUpAsync();
        await gate.ReachedAsync();
        Assert.False(await IsLeaseFreeAsync());
        return (gate, slow);
    }

    private Task<CacheLookup<string>> LookUpAsync(CacheEntryOptions? options = null) =>
        _cache.GetOrFetchAsync("k", _source, static (source, stop) => source.AskAsync(stop), options).AsTask();

    private Task<CacheLookup<string>> RefreshAsync(CacheEntryOptions? options = null) =>
        _cache.RefreshAsync("k", _source, static (source, stop) => source.AskAsync(stop), options).AsTask();

    private async Task<bool> IsLeaseFreeAsync()
    {
        var note = await _client.Fence.NoteAsync("cache:k", TimeSpan.FromMinutes(1), "somebody", TimeSpan.FromSeconds(1));
        await _client.Fence.ReleaseAsync("cache:k", "somebody");
        return note.IsLeased;
    }

    private TieredCache Create(Action<TieredCacheOptions>? configure = null)
    {
        var options = new TieredCacheOptions
        {
            Jitter = 0,
            RevisionOf = value => long.TryParse(value as string, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : null,
        };
        configure?.Invoke(options);
        return new TieredCache(options, new ValkeyConfigCache(_client), _time);
    }
}
