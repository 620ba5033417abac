using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Races;

/// <summary>Once a pod has been answered "denied", it does not serve the key until it is reactivated.</summary>
[Collection(ValkeyCollection.Name)]
public sealed class BoundedDenialRaces(ValkeyFixture valkey) : RaceRig(valkey)
{
    [Fact]
    public async Task BoundedDenial_OldValueReadFromL2BeforeTheDenialReachedIt_IsNotServed()
    {
        var (one, two) = (NewPod(), NewPod());
        await two.Cache.SetAsync(Key, "1", TimeSpan.FromHours(1));
        var reading = one.Fence.HoldAfter(FenceStep.Read);
        var slow = Look(one);
        await reading.ReachedAsync();
        var denying = one.Fence.HoldBefore(FenceStep.Deny);
        Answers(Suspended(2));
        var denied = Revalidate(one);
        await denying.ReachedAsync();

        reading.Open();
        Assert.Equal(FetchOutcome.Denied, (await slow).Outcome);
        denying.Open();
        await denied;
        two.Told.Change(Stored);
        Assert.Equal(FetchOutcome.Denied, (await Look(one)).Outcome);
        Assert.Equal(FetchOutcome.Denied, (await Look(two)).Outcome);
    }

    [Fact]
    public async Task BoundedDenial_ValkeyAwayThroughout_RevalidationAloneDenies()
    {
        var pod = NewPod();
        Answers(Found("1"));
        await Look(pod);
        pod.Fence.IsAway = true;

        Answers(Suspended(2));
        await Revalidate(pod);
        Fails();

        Assert.Equal(FetchOutcome.Denied, (await Look(pod)).Outcome);
        pod.Fence.IsAway = false;
        Assert.Equal(FetchOutcome.Denied, (await Look(pod)).Outcome);
    }

    [Fact]
    public async Task BoundedDenial_TombstoneLostByAFailover_RevalidationWritesItAgain()
    {
        var (one, two) = (NewPod(), NewPod());
        Answers(Suspended(2));
        await Revalidate(one);
        await FailOverToAsync("1");

        await Revalidate(one);

        Assert.Null(await StoredAsync());
        Assert.Equal(FetchOutcome.Denied, (await Look(two)).Outcome);
    }

    [Fact]
    public async Task BoundedDenial_WithoutRevision_ThatANeighbourOvertook_Denies()
    {
        var pod = NewPod();
        Answers(Found("value"));
        await Look(pod);
        var gate = Source.Hold(Suspended(revision: null));
        var slow = Revalidate(pod);
        await gate.ReachedAsync();

        await DisturbAsync(pod);
        gate.Open();
        Assert.Equal(FetchOutcome.Denied, (await slow).Outcome);

        Assert.Equal(FetchOutcome.Denied, (await Look(pod)).Outcome);
        Assert.Null(await StoredAsync());
    }
}
