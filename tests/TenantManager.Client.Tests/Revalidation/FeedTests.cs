using System.Net;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Client.Revalidation;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.Revalidation;

/// <summary>A pod that follows the change feed (F12).</summary>
public sealed class FeedTests(ValkeyFixture valkey, PostgresFixture postgres)
    : FeedScene(valkey, postgres), IClassFixture<ValkeyFixture>, IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Covered_TenantIsAskedAboutOnce_AndTheFeedAtLeastOncePerInterval()
    {
        await StartAsync();
        await SettleAsync();
        Manager.ClearCalls();
        var asked = Manager.FeedCalls.Count;

        await PassAsync(10 * Interval);

        Assert.Empty(Manager.Calls);
        Assert.InRange(Manager.FeedCalls.Count - asked, 15, 25);
        Assert.Equal(200, await Host.StatusAsync(TenantName));
    }

    [Fact]
    public async Task BoundedDenial_TenantThatConnectsFromACacheOlderThanTheFeed_IsAskedAboutWithinAnInterval()
    {
        // It was suspended before the pod began to follow, and what it is connected by says nothing of that.
        await StartAsync(connect: false);
        await CoveredAsync();
        Manager.SetConnections(TenantName, Configs.Service, FakeAnswer.Denied("suspended"));
        var pools = Host.Pools;
        var tenant = TenantId.Parse(TenantName);
        await using (await pools.RentAsync(tenant, Config, pools.NoteClosings(tenant), CancellationToken.None))
            Assert.True(pools.IsConnected(tenant));

        await UntilAsync("closed", () => !Host.Pools.IsConnected(tenant), within: Interval + (Interval / 16));
        Assert.Equal(403, await Host.StatusAsync(TenantName));
    }

    [Fact]
    public async Task BoundedDenial_EventLost_IsLearnedFromTheFeedWithinAnInterval()
    {
        await StartAsync();
        await SettleAsync();

        Deny(revision: 2);

        await UntilAsync("closed", () => !Host.Pools.IsConnected(TenantId.Parse(TenantName)), within: Interval);
        Assert.Equal(403, await Host.StatusAsync(TenantName));
    }

    [Fact]
    public async Task BoundedDenial_EventLostAndFeedFails_IsLearnedWithinAnInterval()
    {
        await StartAsync();
        await SettleAsync();

        Manager.SetConnections(TenantName, Configs.Service, FakeAnswer.Denied("suspended"));
        Feed.Override = FakeAnswer.Error(HttpStatusCode.InternalServerError);

        // From when the feed told of everything last, which is before; and a look of the schedule.
        await UntilAsync("closed", () => !Host.Pools.IsConnected(TenantId.Parse(TenantName)), within: Interval + (Interval / 16));
        Assert.Contains(Host.Logs.Lines, line => line.Message.Contains("change feed does not answer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task BoundedDenial_EventLostAndFeedSaysNothingAtAll_IsLearnedWithinAnInterval()
    {
        await StartAsync();
        await SettleAsync();

        Manager.SetConnections(TenantName, Configs.Service, FakeAnswer.Denied("suspended"));
        (Feed.Override, IsFeedSilent) = (FakeAnswer.Hang(), true);

        await UntilAsync("closed", () => !Host.Pools.IsConnected(TenantId.Parse(TenantName)), within: Interval + (Interval / 16));
    }

    [Fact]
    public async Task FeedAbsent_EveryTenantIsAskedAboutOncePerInterval_AsByGosTenantManager()
    {
        Manager.Feed = null;
        await StartAsync();
        await PassAsync(5 * Interval);

        Assert.InRange(Manager.Calls.Count(call => call.SkipsCache), 4, 6);
        Assert.Single(Manager.FeedCalls);
        Assert.Contains(Host.Logs.Lines, line => line.Message.Contains("has no change feed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FeedSwitchedOff_IsNeverAsked()
    {
        await StartAsync(settings: new(StringComparer.Ordinal) { ["MULTI_TENANT_CHANGE_FEED"] = "false" });
        await PassAsync(3 * Interval);

        Assert.Empty(Manager.FeedCalls);
        Assert.InRange(Manager.Calls.Count(call => call.SkipsCache), 2, 4);
    }

    [Fact]
    public async Task FeedFailed_EveryTenantIsAskedAboutOncePerInterval_UntilItAnswersAgain()
    {
        await StartAsync();
        await SettleAsync();
        Feed.Override = FakeAnswer.Error(HttpStatusCode.ServiceUnavailable);
        await UncoveredAsync();
        Manager.ClearCalls();

        await PassAsync(4 * Interval);
        Assert.InRange(Manager.Calls.Count(call => call.SkipsCache), 3, 6);

        Feed.Override = null;
        await CoveredAsync();
        await PassAsync(Interval / 4);
        Manager.ClearCalls();
        await PassAsync(4 * Interval);
        Assert.Empty(Manager.Calls);
    }

    [Fact]
    public async Task OutageServes_ManagerGone_ServesOn_AndGoesOnWhereItWas()
    {
        await StartAsync();
        await SettleAsync();
        await Manager.StopAsync();
        IsManagerAway = true;
        await UncoveredAsync();
        for (var round = 0; round < 3; round++)
        {
            await PassAsync(Interval);
            Assert.Equal(200, await Host.StatusAsync(TenantName));
        }

        // What changes in the meantime is not lost.
        Deny(revision: 2);
        await Manager.StartAsync();
        await UntilAsync("closed", () => !Host.Pools.IsConnected(TenantId.Parse(TenantName)), within: 20 * Interval);
        Assert.DoesNotContain(Host.Logs.Lines, line => line.Message.Contains("cannot go on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reset_WhateverIsHeldIsComparedAnew_AndWhatIsNotListedIsAskedAbout()
    {
        var other = Configs.NewTenant();
        var third = Configs.NewTenant();
        var changed = await Configs.WithDatabaseAsync(Postgres, other);
        Change(changed);
        Change(await Configs.WithDatabaseAsync(Postgres, third));
        var unchanged = Enumerable.Range(0, 16).Select(_ => Configs.NewTenant()).ToList();
        foreach (var tenant in unchanged)
            Change(Configs.For(tenant, Config.Connection(), revision: 1));
        await StartAsync();
        foreach (var tenant in unchanged.Append(other).Append(third))
            Assert.Equal(200, await Host.StatusAsync(tenant));
        foreach (var tenant in unchanged)
            await SettleAsync(tenant);
        await SettleAsync();
        await SettleAsync(other);
        await SettleAsync(third);
        Manager.ClearCalls();

        // Another state: one tenant is as it was, one is not, and one is gone from it.
        // Gone before the reset: a question that waits is answered by it at once.
        Manager.SetConnections(third, Configs.Service, FakeAnswer.NotFound());
        Manager.SetConnections(other, Configs.Service, FakeAnswer.Denied("suspended"));
        Feed.Forget(third);
        Feed.Reset();
        Feed.Tell(other, revision: 2, "suspended");

        await UntilAsync(
            "both closed", () => !Host.Pools.IsConnected(TenantId.Parse(other)) && !Host.Pools.IsConnected(TenantId.Parse(third)), within: Interval);
        Assert.Contains(Host.Logs.Lines, line => line.Message.Contains("cannot go on", StringComparison.Ordinal));
        Assert.True(Host.Pools.IsConnected(TenantId.Parse(TenantName)));

        // Nothing covers them until the feed has answered some times in a row, so that some have had their own turn: few, in so short a
        // time. The comparison asks about none of them.
        Assert.InRange(unchanged.Sum(tenant => Manager.ConnectionCalls(tenant, Configs.Service)), 0, 11);
    }

    [Fact]
    public async Task List_OfManyPages_IsReadAtOnce()
    {
        Feed.PageLength = 2;
        for (var n = 0; n < 4; n++)
            Feed.Tell(Configs.NewTenant(), revision: 1);
        await StartAsync();
        await CoveredAsync();

        // Five tenants: no time has to pass between the pages.
        Assert.Equal(3, Manager.FeedCalls.Count);
    }

    [Fact]
    public async Task MonotonicPod_FeedTellsOfAnOlderRevision_NothingIsAsked()
    {
        var newer = await Configs.WithDatabaseAsync(Postgres, TenantName, revision: 5);
        Change(newer);
        await StartAsync();
        await SettleAsync();
        Manager.ClearCalls();

        Feed.Tell(TenantName, revision: 4, "suspended");
        await PassAsync(3 * Interval);

        Assert.Empty(Manager.Calls);
        Assert.Equal(200, await Host.StatusAsync(TenantName));
    }

    [Fact]
    public async Task Change_OfATenantThatIsNotHeld_AsksForNothing()
    {
        await StartAsync();
        await SettleAsync();
        Manager.ClearCalls();
        Feed.Tell(Configs.NewTenant(), revision: 3);
        await PassAsync(2 * Interval);
        Assert.Empty(Manager.Calls);
    }

    [Fact]
    public async Task Change_ReactivatesATenantKnownToBeRevoked()
    {
        await StartAsync();
        await SettleAsync();
        Deny(revision: 2);
        await UntilAsync("closed", () => !Host.Pools.IsConnected(TenantId.Parse(TenantName)), within: Interval);
        var revocations = Host.Services.GetRequiredService<Revocations>();
        Assert.NotEqual(0, revocations.Note(TenantId.Parse(TenantName)));

        Change(Configs.For(TenantName, Config.Connection(), revision: 3));
        await UntilAsync("lifted", () => revocations.Note(TenantId.Parse(TenantName)) == 0, within: Interval);
        Assert.Equal(200, await Host.StatusAsync(TenantName));
    }

    [Fact]
    public async Task Change_ThatCannotBeFollowedYet_IsTriedAgainEachInterval()
    {
        await StartAsync();
        await SettleAsync();

        // As between a rotation's commit and the password's change in the server.
        var unreachable = Configs.Unreachable(TenantName, revision: 2);
        Change(unreachable);
        await UntilAsync("the first attempt", () => Attempts == 1, within: Interval);
        await UntilAsync("the second attempt", () => Attempts >= 2, within: 2 * Interval);
        Assert.Equal(200, await Host.StatusAsync(TenantName));
    }

    private int Attempts => Host.Logs.Lines.Count(line => line.Message.Contains("cannot be used yet", StringComparison.Ordinal));
}
