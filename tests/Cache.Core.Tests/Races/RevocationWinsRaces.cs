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
        var gate = new Tiered.Gate();
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
