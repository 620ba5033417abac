using Cache.Core.Coherence;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;

namespace Cache.Core.Tests.Tagging;

/// <summary>A tag of nothing that is kept has no record in L2; it gets one with the first answer that is kept under it.</summary>
public sealed class UnrecordedTagTests
{
    private static readonly CacheEntryOptions Red = new() { Tags = ["red"] };
    private readonly TagRig _rig = new();
    private readonly FakeCoherence _channel = new();
    private readonly TieredCache _pod;

    public UnrecordedTagTests()
    {
        _channel.Restore();
        _pod = _rig.Pod(_channel);
    }

    public enum NotKept
    {
        /// <summary>The answer is said not to be cached.</summary>
        Uncached,

        /// <summary>The answer is not cached and leaves what is.</summary>
        Passed,

        /// <summary>The source denies the key.</summary>
        Denied,

        /// <summary>The source does not know it.</summary>
        NotFound,
    }

    private Source Source => _rig.Source;

    [Theory]
    [InlineData(NotKept.Uncached)]
    [InlineData(NotKept.Passed)]
    [InlineData(NotKept.Denied)]
    [InlineData(NotKept.NotFound)]
    public async Task AnswerThatIsNotKept_LeavesNoRecordOfItsTags(NotKept answer)
    {
        _rig.Answers(answer switch
        {
            NotKept.Uncached => FetchResult<string>.Uncached("v"),
            NotKept.Passed => FetchResult<string>.Found("v", options: new CacheEntryOptions { Skip = CacheSteps.FillL1 | CacheSteps.FillL2, LeavesStored = true, Tags = ["round"] }),
            NotKept.Denied => FetchResult<string>.Denied("suspended"),
            _ => FetchResult<string>.NotFound(),
        });

        await _rig.LookupAsync(_pod, "k", Red);

        Assert.Equal(0, await _rig.Client.ExistsAsync([TagRig.Stored("red"), TagRig.Stored("round")]));

        _rig.Answers(FetchResult<string>.Found("v"));
        await _rig.LookupAsync(_pod, "another", Red);
        Assert.Equal(1, await _rig.Client.ExistsAsync([TagRig.Stored("red")]));
    }

    [Fact]
    public async Task ThatThereIsNone_IsRemembered_WhileTheChannelWouldTell()
    {
        const int ValueAlone = 1;
        const int ValueAndTag = 2;
        _rig.Answers(FetchResult<string>.Uncached("v"));
        await _rig.LookupAsync(_pod, "k", Red);
        Assert.Equal(ValueAlone, await ReadsOfALookupAsync());

        _channel.Change(TagRig.Stored("red"));
        Assert.Equal(ValueAndTag, await ReadsOfALookupAsync());
        Assert.Equal(ValueAlone, await ReadsOfALookupAsync());

        _channel.Restore();
        Assert.Equal(ValueAndTag, await ReadsOfALookupAsync());

        async Task<int> ReadsOfALookupAsync()
        {
            var reads = 0;
            _rig.Client.BeforeCall = (command, _) =>
            {
                reads += command == "GET" ? 1 : 0;
                return ValueTask.CompletedTask;
            };
            await _rig.LookupAsync(_pod, "k", Red);
            return reads;
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task NoResurrection_RemovedDuringItsFirstFetch_IsAnsweredAndNotKept(bool isHere, bool isTold)
    {
        var gate = Source.Hold(FetchResult<string>.Found("old"));
        var slow = _rig.LookupAsync(_pod, "k", Red).AsTask();
        await gate.ReachedAsync();
        await (isHere ? _pod : _rig.Pod()).RemoveByTagAsync("red");
        if (isTold)
            _channel.Change(TagRig.Stored("red"));
        gate.Open();

        Assert.Equal(("old", 1), ((await slow).Value, Source.Calls));
        await AssertKeptAsync(isKept: false, _pod, _rig.Pod());
    }

    /// <summary>The removal's own record has gone with the loss, so that the fetch finds none, as at its beginning.</summary>
    [Theory]
    [InlineData(Loss.Told)]
    [InlineData(Loss.OfTheChannelToo)]
    [InlineData(Loss.WithoutAChannel)]
    public async Task NoResurrection_RemovedDuringItsFirstFetch_AndLostByL2_IsNotKept(Loss loss)
    {
        var pod = loss == Loss.WithoutAChannel ? _rig.Pod() : _pod;
        var gate = Source.Hold(FetchResult<string>.Found("old"));
        var slow = _rig.LookupAsync(pod, "k", Red).AsTask();
        await gate.ReachedAsync();
        await _rig.Pod().RemoveByTagAsync("red");
        await _rig.Client.DeleteAsync([TagRig.Stored("red"), TagRig.Stored(string.Empty)]);
        if (loss == Loss.Told)
            _channel.Flush();
        if (loss == Loss.OfTheChannelToo)
            _channel.Restore();
        gate.Open();
        await slow;

        await AssertKeptAsync(isKept: false, pod, _rig.Pod());
    }

    public enum Loss
    {
        /// <summary>A flush, which the channel tells.</summary>
        Told,

        /// <summary>A server that begins anew, and the channel with it.</summary>
        OfTheChannelToo,

        /// <summary>Nobody tells.</summary>
        WithoutAChannel,
    }

    /// <summary>Whoever hears of what L2 loses needs no more than that there still is no record; who does not cannot tell, and fetches once more.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnotherTagRemovedDuringItsFirstFetch_IsKept_WhereLossesAreHeardOf(bool hasChannel)
    {
        var pod = hasChannel ? _pod : _rig.Pod();
        var gate = Source.Hold(FetchResult<string>.Found("v"));
        var slow = _rig.LookupAsync(pod, "k", Red).AsTask();
        await gate.ReachedAsync();
        await _rig.Pod().RemoveByTagAsync("green");
        gate.Open();
        await slow;
        await AssertKeptAsync(isKept: hasChannel, pod, _rig.Pod());

        await _rig.LookupAsync(pod, "k", Red);
        await AssertKeptAsync(isKept: true, pod, _rig.Pod());
    }

    [Fact]
    public async Task TwoFirstFetchesAtOnce_AreKeptUnderOneRecord()
    {
        var elsewhere = _rig.Pod();
        var gate = Source.Hold(FetchResult<string>.Found("v"));
        var ours = _rig.LookupAsync(_pod, "ours", Red).AsTask();
        await gate.ReachedAsync();
        _rig.Answers(FetchResult<string>.Found("v"));
        await _rig.LookupAsync(elsewhere, "theirs", Red);
        gate.Open();
        await ours;
        Assert.Equal(2, Source.Calls);
        foreach (var key in new[] { "ours", "theirs" })
            Assert.True((await _rig.Pod().GetAsync<string>(key)).IsHit, key);

        await elsewhere.RemoveByTagAsync("red");

        foreach (var key in new[] { "ours", "theirs" })
            Assert.False((await _rig.Pod().GetAsync<string>(key)).IsHit, key);
    }

    [Fact]
    public async Task L2GoesAwayDuringItsFirstFetch_IsKeptHere_UntilItsTagIsRemoved()
    {
        var gate = Source.Hold(FetchResult<string>.Found("v"));
        var slow = _rig.LookupAsync(_pod, "k", Red).AsTask();
        await gate.ReachedAsync();
        _rig.Client.IsUnavailable = true;
        gate.Open();
        await slow;
        await AssertKeptAsync(isKept: true, _pod);

        await _pod.RemoveByTagAsync("red");

        await AssertKeptAsync(isKept: false, _pod);
    }

    [Fact]
    public async Task ARecordThatL2HasLost_MakesWhatCarriesItAMiss_AlsoWhereAFetchHasFoundItMissing()
    {
        await _rig.LookupAsync(_pod, "k", Red);
        await _rig.Client.DeleteAsync([TagRig.Stored("red")]);
        _channel.Change(TagRig.Stored("red"));
        _rig.Answers(FetchResult<string>.Uncached("v"));
        await _rig.LookupAsync(_pod, "other", Red);

        await AssertKeptAsync(isKept: false, _pod, _rig.Pod());
    }

    private static async Task AssertKeptAsync(bool isKept, params TieredCache[] pods)
    {
        foreach (var pod in pods)
            Assert.Equal(isKept, (await pod.GetAsync<string>("k")).IsHit);
    }
}
