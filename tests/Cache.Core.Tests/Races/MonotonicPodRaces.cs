using Cache.Core.Fencing;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Races;

/// <summary>A process that has answered revision n answers nothing that rests on a lower one.</summary>
[Collection(ValkeyCollection.Name)]
public sealed class MonotonicPodRaces(ValkeyFixture valkey) : RaceRig(valkey)
{
    [Fact]
    public async Task MonotonicPod_NewerAnswerThatMayNotBeFilled_RemovesTheOlderTombstone()
    {
        var pod = NewPod();
        pod.Fence.IsAway = true;
        Answers(Suspended(2));
        await Revalidate(pod);
        var gate = Source.Hold(Found("3"));
        var slow = Revalidate(pod);
        await gate.ReachedAsync();

        await DisturbAsync(pod);
        gate.Open();
        Assert.Equal("3", (await slow).Value);

        Answers(Found("3"));
        Assert.Equal("3", (await Look(pod)).Value);
    }

    [Fact]
    public async Task MonotonicPod_NewerAnswerThatMayNotBeFilled_RemovesTheOlderValue()
    {
        var pod = NewPod();
        Answers(Found("1"));
        await Look(pod);
        pod.Fence.IsAway = true;
        var gate = Source.Hold(Found("3"));
        var slow = Revalidate(pod);
        await gate.ReachedAsync();

        pod.Told.Change(Stored);
        gate.Open();
        Assert.Equal("3", (await slow).Value);

        Fails();
        await Assert.ThrowsAsync<HttpRequestException>(() => Look(pod));
    }

    [Fact]
    public async Task MonotonicPod_OlderAnswerAfterThat_IsRefused()
    {
        var pod = NewPod();
        pod.Fence.IsAway = true;
        var gate = Source.Hold(Found("3"));
        var slow = Revalidate(pod);
        await gate.ReachedAsync();
        pod.Told.Change(Stored);
        gate.Open();
        await slow;

        Answers(Found("2"));
        await Assert.ThrowsAsync<OutdatedAnswerException>(() => Look(pod));
        Answers(Suspended(2));
        await Assert.ThrowsAsync<OutdatedAnswerException>(() => Look(pod));
    }

    [Fact]
    public async Task MonotonicPod_EvictedTombstone_ItsRevisionStillRefusesTheOldValueInL2()
    {
        var pod = NewPod(capacity: 1);
        Answers(Suspended(2));
        await Revalidate(pod);
        Answers(Found("1"));
        await Source.LookupAsync(pod.Cache, "another");
        await Source.LookupAsync(pod.Cache, "yet another");
        Assert.Equal(1, pod.Cache.L1Count);
        await FailOverToAsync("1");

        Answers(Suspended(2));

        Assert.Equal(FetchOutcome.Denied, (await Look(pod)).Outcome);
    }

    [Fact]
    public async Task MonotonicPod_InvalidatedValue_ItsRevisionStillRefusesTheOldValueInL2()
    {
        var pod = NewPod();
        Answers(Found("2"));
        await Look(pod);
        await pod.Cache.InvalidateAsync(Key);
        await FailOverToAsync("1");

        Answers(Found("3"));

        Assert.Equal("3", (await Look(pod)).Value);
    }

    [Fact]
    public async Task MonotonicPod_TombstoneInL2BelowWhatThisPodKnows_IsNotBelieved()
    {
        var pod = NewPod();
        Answers(Found("3"));
        await Look(pod);

        await Valkey.ExecuteAsync("DEL", Stored, FenceKeys.Fence(Stored));
        await Valkey.ExecuteAsync("HSET", FenceKeys.Fence(Stored), "g", "token", "r", "2", "d", "suspended", "dr", "2");
        pod.Told.Change(Stored);

        Assert.Equal("3", (await Look(pod)).Value);
    }

    [Fact]
    public async Task MonotonicPod_OlderValueWrittenThroughAfterAFlush_IsRefused()
    {
        var pod = NewPod();
        Answers(Found("5"));
        await Look(pod);
        await Valkey.FlushAsync();

        await pod.Cache.SetAsync(Key, "4", TimeSpan.FromHours(1));

        Assert.Equal("5", (await Look(pod)).Value);
        Assert.NotEqual("\"4\"", await StoredAsync());
    }

    [Fact]
    public async Task MonotonicPod_RevisionThatOnlyL2Told_GivesWayToTheSourceAskedTwice()
    {
        var pod = NewPod();
        await FailOverToAsync("999999999");
        Assert.Equal("999999999", (await Look(pod)).Value);

        Answers(Found("3"));

        Assert.Equal("3", (await Revalidate(pod)).Value);
        Assert.Equal("3", (await Look(pod)).Value);
        Assert.Equal("\"3\"", await StoredAsync());
    }

    [Fact]
    public async Task MonotonicPod_RevisionThatOnlyL2Told_DoesNotHideADenial()
    {
        var pod = NewPod();
        await FailOverToAsync("999999999");
        await Look(pod);

        Answers(Suspended(3));

        Assert.Equal(FetchOutcome.Denied, (await Revalidate(pod)).Outcome);
        Assert.Equal(FetchOutcome.Denied, (await Look(pod)).Outcome);
        Assert.Null(await StoredAsync());
    }

    [Fact]
    public async Task MonotonicPod_DelayedAnswerBelowWhatL2Told_IsRefusedAndAskedForAgain()
    {
        var pod = NewPod();
        var gate = Source.Hold(Found("2"));
        var slow = Revalidate(pod);
        await gate.ReachedAsync();
        await FailOverToAsync("3");
        Assert.Equal("3", (await Look(pod)).Value);

        Answers(Found("3"));
        gate.Open();

        Assert.Equal("3", (await slow).Value);
        Assert.Equal("3", (await Look(pod)).Value);
    }

    [Fact]
    public async Task MonotonicPod_RevisionThatOnlyL2Told_StandsWhileTheSourceAnswersOnce()
    {
        var pod = NewPod();
        await FailOverToAsync("9");
        await Look(pod);
        var isFirst = true;
        Source.Answer = _ =>
        {
            var answer = isFirst ? Found("3") : throw new HttpRequestException("the source is away");
            isFirst = false;
            return Task.FromResult(answer);
        };

        Assert.Equal("9", (await Revalidate(pod)).Value);
        Assert.Equal("9", (await Look(pod)).Value);
    }
}
