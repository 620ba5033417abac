using Cache.Core.Fencing;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Races;

/// <summary>A process that has answered revision n answers nothing that rests on a lower one.</summary>
[Collection(ValkeyCollection.Name)]
public sealed class MonotonicPodRaces(ValkeyFixture valkey) : RaceRig(valkey)
{
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
}
