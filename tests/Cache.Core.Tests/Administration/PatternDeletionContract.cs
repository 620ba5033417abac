using System.Globalization;
using Cache.Core.Administration;
using Cache.Core.Coherence;
using Cache.Core.Fencing;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Administration;

/// <summary>B8, D8: deleting by pattern, through the fences of whatever cache wrote the keys.</summary>
public abstract class PatternDeletionContract
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly Source _source = new();

    protected string Prefix { get; } = ValkeyFixture.NewPrefix();

    protected abstract ICacheClient Client { get; }

    [Fact]
    public async Task Deletion_TakesWhatMatches_OfEveryPrimary_AndLeavesTheRest()
    {
        await using var cache = NewCache();
        for (var n = 0; n < 60; n++)
            await _source.LookupAsync(cache, $"a{n}");
        await Client.SetAsync(Prefix + "b", "v"u8.ToArray(), Hour);
        await Client.SetAsync(Prefix + "a}brace", "v"u8.ToArray(), Hour);

        var steps = await DeleteAsync(Prefix + "a*", limit: 10);

        Assert.Equal(61, steps.Sum(step => step.Dropped));
        Assert.Equal([Prefix + "b"], await KeysAsync());
    }

    [Fact]
    public async Task Deletion_IsDoneInSteps_EachAboutAsLargeAsAskedFor()
    {
        for (var n = 0; n < 100; n++)
            await Client.SetAsync(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{n}"), "v"u8.ToArray(), Hour);

        var steps = await DeleteAsync(Prefix + "*", limit: 10);

        // A step of the server is never torn.
        Assert.All(steps, step => Assert.InRange(step.Dropped, 0, 40));
        Assert.InRange(steps.Count(step => step.Dropped > 0), 3, 100);
        Assert.Equal(100, steps.Sum(step => step.Dropped));
        Assert.True(steps[^1].IsLast);
    }

    [Fact]
    public async Task NoResurrection_FetchInFlight_OfAKeyWithoutAValue_StoresNothing()
    {
        await using var cache = NewCache();
        var gate = _source.Hold(FetchResult<string>.Found("old"));
        var fetching = _source.LookupAsync(cache, "missing").AsTask();
        await Eventually.HoldsAsync("the fetch", () => _source.Calls == 1);

        await DeleteAsync(Prefix + "*");
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("new"));
        gate.Open();
        await fetching;

        // Not stored, but asked for again.
        Assert.Equal(2, _source.Calls);
        await using var other = NewCache();
        Assert.Equal("new", (await _source.LookupAsync(other, "missing")).Value);
    }

    [Fact]
    public async Task NoResurrection_RefreshInFlight_OfAKeyWithAValue_StoresNothing()
    {
        await using var cache = NewCache();
        await _source.LookupAsync(cache, "present");
        var gate = _source.Hold(FetchResult<string>.Found("old"));
        var refreshing = _source.RefreshAsync(cache, "present").AsTask();
        await Eventually.HoldsAsync("the fetch", () => _source.Calls == 2);

        await DeleteAsync(Prefix + "*");
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("new"));
        gate.Open();
        await refreshing;

        await using var other = NewCache();
        Assert.Equal("new", (await _source.LookupAsync(other, "present")).Value);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("fence:*")]
    [InlineData("lease:*")]
    [InlineData("?ence:*")]
    public async Task RevocationWins_WhateverThePattern_DenialsAndLeasesOfOthersStay(string pattern)
    {
        await using var cache = NewCache();
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Denied("suspended", 5));
        await _source.LookupAsync(cache, "denied");
        var leased = await Client.Fence.ReadAsync(Prefix + "elsewhere", Hour, "owner", Hour);
        Assert.True(leased.IsLeased);

        await DeleteAsync(pattern == "*" ? Prefix + "*" : pattern);

        var note = await Client.Fence.ReadAsync(Prefix + "denied", Hour, owner: null, default);
        Assert.Equal(("suspended", 5L), (note.Denial, note.DenialRevision));

        // A pod that knows nothing of it yet, its source away, with what a writer without fences has left: refused.
        await Client.SetAsync(Prefix + "denied", "\"active\""u8.ToArray(), Hour);
        await using var other = NewCache();
        _source.Answer = _ => throw new HttpRequestException("away");
        Assert.Equal(FetchOutcome.Denied, (await _source.LookupAsync(other, "denied")).Outcome);

        // A lease gives way to a deletion of its key, and to nothing else.
        Assert.Equal(pattern != "*", (await Client.Fence.ReadAsync(Prefix + "elsewhere", Hour, "other", Hour)).IsLeasedElsewhere);
    }

    [Fact]
    public async Task Deletion_SparesWhatItsCallerSpares_AndCountsIt()
    {
        await Client.SetAsync(Prefix + "mine", "v"u8.ToArray(), Hour);
        await Client.SetAsync(Prefix + "cached", "v"u8.ToArray(), Hour);

        var steps = await DeleteAsync(Prefix + "*", isSpared: key => key == Prefix + "mine");

        Assert.Equal((1, 1), (steps.Sum(step => step.Dropped), steps.Sum(step => step.Spared)));
        Assert.Equal([Prefix + "mine"], await KeysAsync());
    }

    [Fact]
    public async Task Deletion_DropsTheMarksOfUnknownKeysToo()
    {
        await using var cache = NewCache();
        _source.Answer = _ => Task.FromResult(FetchResult<string>.NotFound());
        await _source.LookupAsync(cache, "unknown");
        Assert.True((await Client.Fence.ReadAsync(Prefix + "unknown", Hour, owner: null, default)).IsAbsent);

        await DeleteAsync(Prefix + "*");

        Assert.False((await Client.Fence.ReadAsync(Prefix + "unknown", Hour, owner: null, default)).IsAbsent);
    }

    [Fact]
    public void Pattern_ThatIsEmpty_IsRefused() =>
        Assert.ThrowsAny<ArgumentException>(() => new PatternDeletion(Client, NoCoherence.Instance, string.Empty));

    [Theory]
    [InlineData("[c-a]1")]
    [InlineData("[\\d]1")]
    [InlineData("[a-]1")]
    [InlineData("[b-d")]
    [InlineData("[^]]1")]
    [InlineData("[^a]1")]
    [InlineData("?1")]
    [InlineData("??1")]
    [InlineData("é?*")]
    [InlineData("[é]*")]
    [InlineData("*\\")]
    [InlineData("*[*]")]
    [InlineData("a**1*")]
    public async Task Pattern_MatchesHereWhatItMatchesOnTheServer(string pattern)
    {
        string[] keys = ["a1", "b1", "d1", "]1", "-1", "51", "é1", "éé1", "b", "[b-d", "x\\", "x*", "^]1", "a1b1"];
        foreach (var key in keys)
            await Client.SetAsync(Prefix + key, "v"u8.ToArray(), Hour);
        var matching = GlobPattern.Parse(Prefix + pattern);

        var found = new List<string>();
        await foreach (var key in Client.ScanAsync(Prefix + pattern))
            found.Add(key);

        Assert.Equal(keys.Select(key => Prefix + key).Where(matching.IsMatch).Order(StringComparer.Ordinal), found.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    protected TieredCache NewCache() => new(new TieredCacheOptions { KeyPrefix = Prefix, NegativeLifetime = Hour }, new ValkeyConfigCache(Client, Prefix));

    protected async Task<IReadOnlyList<string>> KeysAsync()
    {
        var keys = new List<string>();
        await foreach (var key in Client.ScanAsync(Prefix + "*"))
            keys.Add(key);
        return keys;
    }

    protected async Task<IReadOnlyList<DropStep>> DeleteAsync(string pattern, int limit = 100, Func<string, bool>? isSpared = null)
    {
        var deletion = new PatternDeletion(Client, NoCoherence.Instance, pattern, isSpared);
        var steps = new List<DropStep>();
        do
            steps.Add(await deletion.StepAsync(limit));
        while (!steps[^1].IsLast);
        return steps;
    }
}
