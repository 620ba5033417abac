using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Races;

/// <summary>What was revoked does not come back: each race of docs/protocol.md against values without revisions.</summary>
[Collection(ValkeyCollection.Name)]
public sealed class NoResurrectionRaces(ValkeyFixture valkey) : RaceRig(valkey)
{
    [Fact]
    public async Task NoResurrection_InvalidatedElsewhereDuringTheFetch_StaysOutOfBothTiers()
    {
        var (one, two) = (NewPod(), NewPod());
        var gate = Source.Hold(Found("old"));
        var slow = Look(one);
        await gate.ReachedAsync();

        await two.Cache.InvalidateAsync(Key);
        Answers(Found("new"));
        gate.Open();

        Assert.Equal("new", (await slow).Value);
        Assert.Equal("new", (await Look(two)).Value);
        Assert.Equal("\"new\"", await StoredAsync());
    }

    [Fact]
    public async Task NoResurrection_InvalidatedElsewhereDuringARefresh_StaysOutOfBothTiers()
    {
        var (one, two) = (NewPod(), NewPod());
        var gate = Source.Hold(Found("old"));
        var slow = Revalidate(one);
        await gate.ReachedAsync();

        await two.Cache.InvalidateAsync(Key);
        Answers(Found("new"));
        gate.Open();
        await slow;

        Assert.Equal("new", (await Look(two)).Value);
        Assert.Equal("new", (await Look(one)).Value);
    }

    [Fact]
    public async Task NoResurrection_FencesLostDuringTheFetch_StaysOutOfBothTiers()
    {
        var (one, two) = (NewPod(), NewPod());
        var gate = Source.Hold(Found("old"));
        var slow = Look(one);
        await gate.ReachedAsync();

        await Valkey.FlushAsync();
        await two.Cache.InvalidateAsync(Key);
        Answers(Found("new"));
        gate.Open();
        await slow;

        Assert.Equal("new", (await Look(two)).Value);
    }

    [Fact]
    public async Task NoResurrection_FetchWithoutANote_WritesNothing()
    {
        var (one, two) = (NewPod(), NewPod());
        one.Fence.IsAway = true;
        var gate = Source.Hold(Found("old"));
        var slow = Look(one);
        await gate.ReachedAsync();

        one.Fence.IsAway = false;
        await two.Cache.InvalidateAsync(Key);
        gate.Open();
        await slow;

        Assert.Null(await StoredAsync());
    }

    [Fact]
    public async Task NoResurrection_InvalidatedBetweenL2AndL1_StaysOutOfL1()
    {
        var pod = NewPod();
        var gate = pod.Fence.HoldAfter(FenceStep.Store);
        Answers(Found("old"));
        var slow = Look(pod);
        await gate.ReachedAsync();

        await pod.Cache.InvalidateAsync(Key);
        Answers(Found("new"));
        gate.Open();
        await slow;

        Assert.Equal("new", (await Look(pod)).Value);
    }

    [Fact]
    public async Task NoResurrection_InvalidatedWhileL2IsRead_StaysOutOfL1()
    {
        var (one, two) = (NewPod(), NewPod());
        await two.Cache.SetAsync(Key, "old", TimeSpan.FromHours(1));
        var gate = one.Fence.HoldAfter(FenceStep.Read);
        var slow = Look(one);
        await gate.ReachedAsync();

        await one.Cache.InvalidateAsync(Key);
        Answers(Found("new"));
        gate.Open();
        await slow;

        Assert.Equal("new", (await Look(one)).Value);
    }

    [Fact]
    public async Task NoResurrection_ToldWhileL2IsRead_StaysOutOfL1()
    {
        var (one, two) = (NewPod(), NewPod());
        await two.Cache.SetAsync(Key, "old", TimeSpan.FromHours(1));
        var gate = one.Fence.HoldAfter(FenceStep.Read);
        var slow = Look(one);
        await gate.ReachedAsync();

        await two.Cache.InvalidateAsync(Key);
        one.Told.Change(Stored);
        Answers(Found("new"));
        gate.Open();

        Assert.Equal("new", (await slow).Value);
        Assert.Equal("new", (await Look(one)).Value);
    }

    [Fact]
    public async Task NoResurrection_L2ReadWhileTheInvalidationIsOnItsWay_StaysOutOfL1()
    {
        // An L2 without fences: with them, a reader does first what this process still owes to L2.
        var l2 = new HeldCache(new ValkeyConfigCache(Client, Prefix));
        var cache = new TieredCache(new TieredCacheOptions(), l2);
        await l2.SetAsync(Key, "old", TimeSpan.FromHours(1));
        var invalidating = l2.BeforeInvalidate = new Gate();
        var revoked = cache.InvalidateAsync(Key).AsTask();
        await invalidating.ReachedAsync();
        var reading = l2.AfterGet = new Gate();
        var slow = Source.LookupAsync(cache, Key).AsTask();
        await reading.ReachedAsync();

        invalidating.Open();
        await revoked;
        Answers(Found("new"));
        reading.Open();
        await slow;

        Assert.Equal("new", (await Source.LookupAsync(cache, Key)).Value);
    }

    [Fact]
    public async Task NoResurrection_InvalidationOnItsWay_ReaderCarriesItOutFirst()
    {
        var (one, two) = (NewPod(), NewPod());
        await two.Cache.SetAsync(Key, "old", TimeSpan.FromHours(1));
        var invalidating = one.Fence.HoldBefore(FenceStep.Invalidate);
        var revoked = one.Cache.InvalidateAsync(Key).AsTask();
        await invalidating.ReachedAsync();
        Answers(Found("new"));

        Assert.Equal("new", (await Look(one)).Value);
        invalidating.Open();
        await revoked;
        Assert.Equal("new", (await Look(one)).Value);
    }

    [Fact]
    public async Task NoResurrection_CallerAfterAnInvalidation_DoesNotJoinTheOvertakenFlight()
    {
        var pod = NewPod();
        var gate = Source.Hold(Found("old"));
        var slow = Look(pod);
        await gate.ReachedAsync();

        await pod.Cache.InvalidateAsync(Key);
        Answers(Found("new"));
        var later = Look(pod);
        gate.Open();

        Assert.Equal("new", (await later).Value);
        await slow;
    }

    [Fact]
    public async Task NoResurrection_CallerAfterAPush_DoesNotJoinTheOvertakenFlight()
    {
        var (one, two) = (NewPod(), NewPod());
        var gate = one.Fence.HoldAfter(FenceStep.Store);
        Answers(Found("old"));
        var slow = Look(one);
        await gate.ReachedAsync();

        await two.Cache.InvalidateAsync(Key);
        one.Told.Change(Stored);
        Answers(Found("new"));
        var later = Look(one);
        gate.Open();

        Assert.Equal("new", (await later).Value);
        await slow;
    }

    [Fact]
    public async Task NoResurrection_CallerAfterAReconnect_DoesNotJoinAFlightFromBefore()
    {
        var (one, two) = (NewPod(), NewPod());
        one.Fence.IsAway = true;
        var gate = Source.Hold(Found("old"));
        var slow = Look(one);
        await gate.ReachedAsync();

        // Its fence was never noted, and the push was lost with the connection.
        await two.Cache.InvalidateAsync(Key);
        one.Told.Lose();
        one.Fence.IsAway = false;
        one.Told.Restore();
        Answers(Found("new"));
        var later = Look(one);
        gate.Open();

        Assert.Equal("new", (await later).Value);
        await slow;
    }

    [Fact]
    public async Task NoResurrection_PushLost_EndsWithTheLease()
    {
        var (one, two) = (NewPod(onFakeTime: true), NewPod());
        one.Told.State.ProvenUntil = Time.GetTimestamp() + one.Told.Lease.Ticks;
        Answers(Found("old"));
        await Look(one);

        await two.Cache.InvalidateAsync(Key);
        Answers(Found("new"));
        Time.Advance(one.Told.Lease);

        Assert.Equal("new", (await Look(one)).Value);
    }

    [Fact]
    public async Task NoResurrection_FlightFromBeforeAReconnect_IsNotProvenByIt()
    {
        var (one, two) = (NewPod(onFakeTime: true), NewPod());
        await two.Cache.SetAsync(Key, "old", TimeSpan.FromHours(1));
        var gate = one.Fence.HoldAfter(FenceStep.Read);
        var slow = Look(one);
        await gate.ReachedAsync();

        one.Told.Lose();
        await two.Cache.InvalidateAsync(Key);
        Time.Advance(one.Told.Lease);
        one.Told.Restore();
        Answers(Found("new"));
        gate.Open();
        await slow;

        Assert.Equal("new", (await Look(one)).Value);
    }

    [Fact]
    public async Task NoResurrection_FetchFromBeforeAReconnect_IsNotProvenByIt()
    {
        var (one, two) = (NewPod(onFakeTime: true), NewPod());
        var gate = one.Fence.HoldAfter(FenceStep.Store);
        Answers(Found("old"));
        var slow = Look(one);
        await gate.ReachedAsync();

        one.Told.Lose();
        await two.Cache.InvalidateAsync(Key);
        Time.Advance(one.Told.Lease);
        one.Told.Restore();
        Answers(Found("new"));
        gate.Open();
        await slow;

        Assert.Equal("new", (await Look(one)).Value);
    }

    [Fact]
    public async Task NoResurrection_OnePushForAnOwnWriteAndAForeignInvalidation_IsNotTakenForTheEcho()
    {
        var (one, two) = (NewPod(), NewPod());
        Answers(Found("old"));
        await Look(one);

        await two.Cache.InvalidateAsync(Key);
        Answers(Found("new"));
        one.Told.Change(Stored);

        Assert.Equal("new", (await Look(one)).Value);
    }

    [Fact]
    public async Task NoResurrection_ThatPushBeforeTheOwnWriteIsAnswered_IsNotTakenForTheEcho()
    {
        var (one, two) = (NewPod(), NewPod());
        var gate = one.Fence.HoldAfter(FenceStep.Store);
        Answers(Found("old"));
        var slow = Look(one);
        await gate.ReachedAsync();

        await two.Cache.InvalidateAsync(Key);
        one.Told.Change(Stored);
        Answers(Found("new"));
        gate.Open();
        await slow;

        Assert.Equal("new", (await Look(one)).Value);
    }

    [Fact]
    public async Task NoResurrection_InvalidationLostOnItsWay_IsCarriedOutBeforeThisPodReads()
    {
        var (one, two) = (NewPod(), NewPod());
        await two.Cache.SetAsync(Key, "old", TimeSpan.FromHours(1));
        one.Fence.Lose(FenceStep.Invalidate);

        await one.Cache.InvalidateAsync(Key);
        Answers(Found("new"));

        Assert.Equal("new", (await Look(one)).Value);
    }

    [Fact]
    public async Task NoResurrection_NotFoundThatANeighbourOvertook_LeavesNothingOld()
    {
        var pod = NewPod();
        Answers(Found("old"));
        await Look(pod);
        var gate = Source.Hold(FetchResult<string>.NotFound());
        var slow = Revalidate(pod);
        await gate.ReachedAsync();

        await DisturbAsync(pod);
        gate.Open();
        Assert.Equal(FetchOutcome.NotFound, (await slow).Outcome);

        Assert.Equal(FetchOutcome.NotFound, (await Look(pod)).Outcome);
        Assert.Null(await StoredAsync());
    }
}
