using System.Globalization;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Fencing;

/// <summary>Several processes over one L2: what one of them revokes, no other brings back.</summary>
public sealed class ProcessesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryCacheClient _client;
    private readonly TieredCache _one;
    private readonly TieredCache _two;
    private readonly Source _source = new();

    public ProcessesTests()
    {
        _client = new InMemoryCacheClient(_time);
        _one = Create();
        _two = Create();
    }

    [Fact]
    public async Task NoResurrection_InvalidatedElsewhereDuringTheFetch_AsksAgain()
    {
        var gate = _source.Hold(FetchResult<string>.Found("old"));
        var slow = _source.LookupAsync(_one, "k").AsTask();
        await gate.ReachedAsync();

        await _two.InvalidateAsync("k");
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("new"));
        gate.Open();

        Assert.Equal("new", (await slow).Value);
        Assert.Equal("new", (await _source.LookupAsync(_one, "k")).Value);
        Assert.Equal("\"new\"", await StoredAsync());
    }

    [Fact]
    public async Task NoResurrection_WrittenElsewhereDuringARefresh_IsNotOverwritten()
    {
        var gate = _source.Hold(FetchResult<string>.Found("old"));
        var slow = _source.RefreshAsync(_one, "k").AsTask();
        await gate.ReachedAsync();

        await _two.SetAsync("k", "written", TimeSpan.FromHours(1));
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("written"));
        gate.Open();

        Assert.Equal("written", (await slow).Value);
        Assert.Equal("\"written\"", await StoredAsync());
    }

    [Fact]
    public async Task RevocationWins_DeniedElsewhereDuringTheFetch_AnswersDenied()
    {
        var gate = _source.Hold(FetchResult<string>.Found("6", revision: 6));
        var slow = _source.LookupAsync(_one, "k").AsTask();
        await gate.ReachedAsync();

        _source.Answer = _ => Task.FromResult(FetchResult<string>.Denied("suspended", 7));
        await _source.RefreshAsync(_two, "k");
        gate.Open();

        Assert.Equal(FetchOutcome.Denied, (await slow).Outcome);
        Assert.Null(await StoredAsync());
    }

    [Fact]
    public async Task Denied_LeavesATombstoneInBothTiers_AndTheSourceIsAskedAtABoundedRate()
    {
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Denied("suspended", 7));
        await _source.RefreshAsync(_one, "k");

        var here = await _source.LookupAsync(_one, "k");
        var there = await _source.LookupAsync(_two, "k");

        Assert.Equal((CacheSource.L1, "suspended", 7L), (here.Source, here.Result.Status, here.Result.Revision));
        Assert.Equal((CacheSource.L2, "suspended", 7L), (there.Source, there.Result.Status, there.Result.Revision));
        Assert.Equal(1, _source.Calls);

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((CacheSource.Fetch, FetchOutcome.Denied), Kind(await _source.LookupAsync(_one, "k")));
        Assert.Equal((CacheSource.L1, FetchOutcome.Denied), Kind(await _source.LookupAsync(_one, "k")));
        Assert.Equal(2, _source.Calls);
    }

    [Fact]
    public async Task RevocationWins_DeniedAndTheSourceFails_StaysDenied()
    {
        await _source.LookupAsync(_one, "k");
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Denied("suspended"));
        await _source.RefreshAsync(_one, "k");
        _source.Answer = _ => throw new HttpRequestException("away");
        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(FetchOutcome.Denied, (await _source.LookupAsync(_one, "k")).Outcome);
    }

    [Fact]
    public async Task Reactivation_AfterAnInvalidation_IsServedAtOnce()
    {
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Denied("suspended", 7));
        await _source.RefreshAsync(_one, "k");
        await _source.LookupAsync(_two, "k");
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("8", revision: 8));

        await _one.InvalidateAsync("k");

        Assert.Equal("8", (await _source.LookupAsync(_one, "k")).Value);
    }

    [Fact]
    public async Task RevocationWins_SourceStillAnswersWithTheRevisionBeforeTheDenial_AnswersDenied()
    {
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Denied("suspended", 7));
        await _source.RefreshAsync(_one, "k");
        await _one.InvalidateAsync("k");
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("6", revision: 6));

        Assert.Equal(FetchOutcome.Denied, (await _source.LookupAsync(_one, "k")).Outcome);
        Assert.Null(await StoredAsync());
    }

    [Fact]
    public async Task NotFound_IsBelievedForAMoment_InEveryProcess()
    {
        _source.Answer = _ => Task.FromResult(FetchResult<string>.NotFound());
        await _source.LookupAsync(_one, "k");

        Assert.Equal((CacheSource.L1, FetchOutcome.NotFound), Kind(await _source.LookupAsync(_one, "k")));
        Assert.Equal((CacheSource.L2, FetchOutcome.NotFound), Kind(await _source.LookupAsync(_two, "k")));
        Assert.Equal((CacheSource.L1, FetchOutcome.NotFound), Kind(await _source.LookupAsync(_two, "k")));
        Assert.Equal(1, _source.Calls);

        _time.Advance(TimeSpan.FromSeconds(6));
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("created"));
        Assert.Equal("created", (await _source.LookupAsync(_two, "k")).Value);
    }

    [Fact]
    public async Task NotFound_AfterAnInvalidation_IsAskedAgain()
    {
        _source.Answer = _ => Task.FromResult(FetchResult<string>.NotFound());
        await _source.LookupAsync(_one, "k");
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("created"));

        await _one.InvalidateAsync("k");

        Assert.Equal("created", (await _source.LookupAsync(_one, "k")).Value);
    }

    [Fact]
    public async Task MonotonicPod_AnOlderValueInL2_IsNotServed()
    {
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("5", revision: 5));
        await _source.LookupAsync(_one, "k");

        // A server that has lost its last writes, the fence included.
        await _client.DeleteAsync(["cache:k", "fence:{cache:k}"]);
        await _client.SetAsync("cache:k", "\"4\""u8.ToArray(), TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal("5", (await _source.LookupAsync(_one, "k")).Value);
        Assert.Equal(2, _source.Calls);
    }

    [Fact]
    public async Task MonotonicPod_SourceGoesBack_AndNothingNewerIsCached_Throws()
    {
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("5", revision: 5));
        await _source.LookupAsync(_one, "k");
        await _one.InvalidateAsync("k");
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("4", revision: 4));

        await Assert.ThrowsAsync<OutdatedAnswerException>(async () => await _source.LookupAsync(_one, "k"));
        await Assert.ThrowsAsync<OutdatedAnswerException>(async () => await _source.RefreshAsync(_one, "k"));
    }

    [Fact]
    public async Task RevocationWins_InvalidatedWhileL2IsAway_TheOldValueIsNotReadWhenItIsBack()
    {
        await _source.LookupAsync(_one, "k");
        _client.IsUnavailable = true;
        await _one.InvalidateAsync("k");
        _client.IsUnavailable = false;
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("new"));

        Assert.Equal("new", (await _source.LookupAsync(_one, "k")).Value);
        Assert.Equal("\"new\"", await StoredAsync());
    }

    [Fact]
    public async Task RevocationWins_InvalidatedWhileL2IsAway_OtherProcessesHearOfItWhenItIsBack()
    {
        await _source.LookupAsync(_one, "k");
        _client.IsUnavailable = true;
        await _one.InvalidateAsync("k");
        _client.IsUnavailable = false;

        await _time.WaitForTimersAsync();
        _time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.HoldsAsync("the old value is gone", async () => await StoredAsync() is null);
    }

    [Fact]
    public async Task NoResurrection_FetchedWhileL2WasAway_IsNotWrittenThereWhenItIsBack()
    {
        _client.IsUnavailable = true;
        var gate = _source.Hold(FetchResult<string>.Found("old"));
        var slow = _source.LookupAsync(_one, "k").AsTask();
        await gate.ReachedAsync();
        _client.IsUnavailable = false;
        await _two.InvalidateAsync("k");
        gate.Open();
        await slow;

        Assert.Null(await StoredAsync());
    }

    [Fact]
    public async Task ValueOfAWriterThatKnowsNoFences_OverATombstone_IsNotServed()
    {
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Denied("suspended", 7));
        await _source.RefreshAsync(_one, "k");
        await _client.SetAsync("cache:k", "\"6\""u8.ToArray(), TimeSpan.FromHours(1));

        Assert.Equal(FetchOutcome.Denied, (await _source.LookupAsync(_two, "k")).Outcome);
        Assert.Null(await StoredAsync());
    }

    private static (CacheSource, FetchOutcome) Kind(CacheLookup<string> lookup) => (lookup.Source, lookup.Outcome);

    private async Task<string?> StoredAsync() =>
        await _client.GetAsync("cache:k") is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes) : null;

    private TieredCache Create() => new(
        new TieredCacheOptions
        {
            Jitter = 0,
            RevisionOf = value => long.TryParse(value as string, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : null,
        },
        new ValkeyConfigCache(_client),
        _time);
}
