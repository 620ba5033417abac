using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Races;

/// <summary>No path answers what a denial that the process knows of has outdated.</summary>
[Collection(ValkeyCollection.Name)]
public sealed class RevocationWinsRaces(ValkeyFixture valkey) : RaceRig(valkey)
{
    [Fact]
    public async Task RevocationWins_SourceFailsAfterTheDenial_FindsNothingStale()
    {
        var pod = NewPod();
        Answers(Found("1"));
        await Look(pod);
        pod.Fence.IsAway = true;
        pod.Told.Change(Stored);
        var gate = new Gate();
        Source.Answer = async stop =>
        {
            await gate.PassAsync(stop);
            throw new HttpRequestException("the source is away");
        };
        var slow = Look(pod);
        await gate.ReachedAsync();

        Answers(Suspended(2));
        await Revalidate(pod);
        gate.Open();

        Assert.Equal(FetchOutcome.Denied, (await slow).Outcome);
        Fails();
        Assert.Equal(FetchOutcome.Denied, (await Look(pod)).Outcome);
    }

    [Fact]
    public async Task RevocationWins_DeniedDuringTheFetch_L2Away_AnswersDenied()
    {
        var pod = NewPod();
        pod.Fence.IsAway = true;
        var gate = Source.Hold(Found("1"));
        var slow = Look(pod);
        await gate.ReachedAsync();

        Answers(Suspended(2));
        await Revalidate(pod);
        gate.Open();

        Assert.Equal(FetchOutcome.Denied, (await slow).Outcome);
    }

    [Fact]
    public async Task RevocationWins_DeniedWithoutRevisionDuringTheFetch_L2Away_AnswersDenied()
    {
        var pod = NewPod();
        pod.Fence.IsAway = true;
        var gate = Source.Hold(Found("value"));
        var slow = Look(pod);
        await gate.ReachedAsync();

        Answers(Suspended(revision: null));
        await Revalidate(pod);
        gate.Open();

        Assert.Equal(FetchOutcome.Denied, (await slow).Outcome);
    }

    [Fact]
    public async Task RevocationWins_DeniedAndInvalidatedDuringTheFetch_AnswersDenied()
    {
        var pod = NewPod();
        var gate = Source.Hold(Found("1"));
        var slow = Look(pod);
        await gate.ReachedAsync();

        Answers(Suspended(2));
        await Revalidate(pod);
        await pod.Cache.InvalidateAsync(Key);
        gate.Open();

        Assert.Equal(FetchOutcome.Denied, (await slow).Outcome);
    }

    [Fact]
    public async Task RevocationWins_DeniedWhileL2IsRead_AnswersDenied()
    {
        var (one, two) = (NewPod(), NewPod());
        await two.Cache.SetAsync(Key, "1", TimeSpan.FromHours(1));
        var gate = one.Fence.HoldAfter(FenceStep.Read);
        var slow = Look(one);
        await gate.ReachedAsync();

        Answers(Suspended(2));
        await Revalidate(one);
        gate.Open();

        Assert.Equal(FetchOutcome.Denied, (await slow).Outcome);
    }

    [Fact]
    public async Task RevocationWins_DeniedWhileL2IsReadWithoutFetching_DoesNotAnswerTheOldValue()
    {
        var (one, two) = (NewPod(), NewPod());
        await two.Cache.SetAsync(Key, "1", TimeSpan.FromHours(1));
        var gate = one.Fence.HoldAfter(FenceStep.Read);
        var slow = one.Cache.TryGetAsync<string>(Key).AsTask();
        await gate.ReachedAsync();

        Answers(Suspended(2));
        await Revalidate(one);
        gate.Open();

        Assert.NotEqual(FetchOutcome.Found, (await slow)?.Outcome);
    }

    [Fact]
    public async Task RevocationWins_DeniedDuringAWriteThrough_TheTombstoneStays()
    {
        var pod = NewPod();
        var gate = pod.Fence.HoldAfter(FenceStep.Put);
        var writing = pod.Cache.SetAsync(Key, "1", TimeSpan.FromHours(1)).AsTask();
        await gate.ReachedAsync();

        Answers(Suspended(2));
        await Revalidate(pod);
        gate.Open();
        await writing;
        pod.Fence.IsAway = true;
        Fails();

        Assert.Equal(FetchOutcome.Denied, (await Look(pod)).Outcome);
    }

    [Fact]
    public async Task RevocationWins_DenialThatL2DidNotHear_IsNotUndoneByAFetchOfTheSameProcess()
    {
        var (one, two) = (NewPod(), NewPod());
        var gate = Source.Hold(Found("1"));
        var slow = Look(one);
        await gate.ReachedAsync();

        one.Fence.Lose(FenceStep.Deny);
        Answers(Suspended(2));
        await Revalidate(one);
        gate.Open();
        Assert.Equal(FetchOutcome.Denied, (await slow).Outcome);

        Assert.Equal(FetchOutcome.Denied, (await Look(two)).Outcome);
        Assert.Null(await StoredAsync());
    }

    [Theory]
    [InlineData(2L)]
    [InlineData(null)]
    public async Task RevocationWins_OldValueInL2AfterAFailover_DoesNotLiftTheTombstone(long? revision)
    {
        var pod = NewPod();
        Answers(Suspended(revision));
        await Revalidate(pod);

        await FailOverToAsync("1");
        pod.Told.Change(Stored);

        Assert.Equal(FetchOutcome.Denied, (await Look(pod)).Outcome);
    }

    [Fact]
    public async Task RevocationWins_ReactivatedElsewhere_IsServedAtOnce()
    {
        var (one, two) = (NewPod(), NewPod());
        Answers(Suspended(2));
        await Revalidate(one);
        Answers(Found("3"));
        await Revalidate(two);
        var calls = Source.Calls;

        one.Told.Change(Stored);

        Assert.Equal("3", (await Look(one)).Value);
        Assert.Equal(calls, Source.Calls);
    }
}
