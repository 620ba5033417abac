using System.Net;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Client.Revalidation;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.Revalidation;

/// <summary>A pod that follows the change feed (F12). No event reaches it, and time moves only when a test says so.</summary>
public sealed class FeedTests(ValkeyFixture valkey, PostgresFixture postgres)
    : IClassFixture<ValkeyFixture>, IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly string _tenant = Configs.NewTenant();
    private readonly string _prefix = ValkeyFixture.NewPrefix();
    private readonly FakeFeed _feed = new();
    private FakeTenantManager _manager = null!;
    private ConsumerHost _host = null!;
    private TenantConfig _config = null!;
    private bool _isFeedSilent;
    private bool _isManagerAway;

    public async Task InitializeAsync()
    {
        _manager = await FakeTenantManager.CreateAsync();
        _manager.Feed = _feed;
        _config = await Configs.WithDatabaseAsync(postgres, _tenant);
        Change(_config);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _manager.DisposeAsync();
    }

    [Fact]
    public async Task Covered_TenantIsAskedAboutOnce_AndTheFeedAtLeastOncePerInterval()
    {
        await StartAsync();
        await SettleAsync();
        _manager.ClearCalls();
        var asked = _manager.FeedCalls.Count;

        await PassAsync(10 * Interval);

        Assert.Empty(_manager.Calls);
        Assert.InRange(_manager.FeedCalls.Count - asked, 15, 25);
        Assert.Equal(200, await _host.StatusAsync(_tenant));
    }

    [Fact]
    public async Task BoundedDenial_TenantThatConnectsFromACacheOlderThanTheFeed_IsAskedAboutWithinAnInterval()
    {
        // It was suspended before the pod began to follow, and what it is connected by says nothing of that.
        await StartAsync(connect: false);
        await CoveredAsync();
        _manager.SetConnections(_tenant, Configs.Service, FakeAnswer.Denied("suspended"));
        var pools = _host.Pools;
        var tenant = TenantId.Parse(_tenant);
        await using (await pools.RentAsync(tenant, _config, pools.NoteClosings(tenant), CancellationToken.None))
            Assert.True(pools.IsConnected(tenant));

        await UntilAsync("closed", () => !_host.Pools.IsConnected(tenant), within: Interval + (Interval / 16));
        Assert.Equal(403, await _host.StatusAsync(_tenant));
    }

    [Fact]
    public async Task BoundedDenial_EventLost_IsLearnedFromTheFeedWithinAnInterval()
    {
        await StartAsync();
        await SettleAsync();

        Deny(revision: 2);

        await UntilAsync("closed", () => !_host.Pools.IsConnected(TenantId.Parse(_tenant)), within: Interval);
        Assert.Equal(403, await _host.StatusAsync(_tenant));
    }

    [Fact]
    public async Task BoundedDenial_EventLostAndFeedFails_IsLearnedWithinAnInterval()
    {
        await StartAsync();
        await SettleAsync();

        _manager.SetConnections(_tenant, Configs.Service, FakeAnswer.Denied("suspended"));
        _feed.Override = FakeAnswer.Error(HttpStatusCode.InternalServerError);

        // From when the feed told of everything last, which is before; and a look of the schedule.
        await UntilAsync("closed", () => !_host.Pools.IsConnected(TenantId.Parse(_tenant)), within: Interval + (Interval / 16));
        Assert.Contains(_host.Logs.Lines, line => line.Message.Contains("change feed does not answer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task BoundedDenial_EventLostAndFeedSaysNothingAtAll_IsLearnedWithinAnInterval()
    {
        await StartAsync();
        await SettleAsync();

        _manager.SetConnections(_tenant, Configs.Service, FakeAnswer.Denied("suspended"));
        (_feed.Override, _isFeedSilent) = (FakeAnswer.Hang(), true);

        await UntilAsync("closed", () => !_host.Pools.IsConnected(TenantId.Parse(_tenant)), within: Interval + (Interval / 16));
    }

    [Fact]
    public async Task FeedAbsent_EveryTenantIsAskedAboutOncePerInterval_AsByGosTenantManager()
    {
        _manager.Feed = null;
        await StartAsync();
        await PassAsync(5 * Interval);

        Assert.InRange(_manager.Calls.Count(call => call.SkipsCache), 4, 6);
        Assert.Single(_manager.FeedCalls);
        Assert.Contains(_host.Logs.Lines, line => line.Message.Contains("has no change feed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FeedSwitchedOff_IsNeverAsked()
    {
        await StartAsync(settings: new(StringComparer.Ordinal) { ["MULTI_TENANT_CHANGE_FEED"] = "false" });
        await PassAsync(3 * Interval);

        Assert.Empty(_manager.FeedCalls);
        Assert.InRange(_manager.Calls.Count(call => call.SkipsCache), 2, 4);
    }

    [Fact]
    public async Task FeedFailed_EveryTenantIsAskedAboutOncePerInterval_UntilItAnswersAgain()
    {
        await StartAsync();
        await SettleAsync();
        _feed.Override = FakeAnswer.Error(HttpStatusCode.ServiceUnavailable);
        await UncoveredAsync();
        _manager.ClearCalls();

        await PassAsync(4 * Interval);
        Assert.InRange(_manager.Calls.Count(call => call.SkipsCache), 3, 6);

        _feed.Override = null;
        await CoveredAsync();
        await PassAsync(Interval / 4);
        _manager.ClearCalls();
        await PassAsync(4 * Interval);
        Assert.Empty(_manager.Calls);
    }

    [Fact]
    public async Task OutageServes_ManagerGone_ServesOn_AndGoesOnWhereItWas()
    {
        await StartAsync();
        await SettleAsync();
        await _manager.StopAsync();
        _isManagerAway = true;
        await UncoveredAsync();
        for (var round = 0; round < 3; round++)
        {
            await PassAsync(Interval);
            Assert.Equal(200, await _host.StatusAsync(_tenant));
        }

        // What changes in the meantime is not lost.
        Deny(revision: 2);
        await _manager.StartAsync();
        await UntilAsync("closed", () => !_host.Pools.IsConnected(TenantId.Parse(_tenant)), within: 20 * Interval);
        Assert.DoesNotContain(_host.Logs.Lines, line => line.Message.Contains("cannot go on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reset_WhateverIsHeldIsComparedAnew_AndWhatIsNotListedIsAskedAbout()
    {
        var other = Configs.NewTenant();
        var third = Configs.NewTenant();
        var changed = await Configs.WithDatabaseAsync(postgres, other);
        Change(changed);
        Change(await Configs.WithDatabaseAsync(postgres, third));
        await StartAsync();
        Assert.Equal(200, await _host.StatusAsync(other));
        Assert.Equal(200, await _host.StatusAsync(third));
        await SettleAsync();
        await SettleAsync(other);
        await SettleAsync(third);
        _manager.ClearCalls();

        // Another state: one tenant is as it was, one is not, and one is gone from it.
        _feed.Reset();
        _feed.Forget(third);
        _manager.SetConnections(third, Configs.Service, FakeAnswer.NotFound());
        _feed.Tell(other, revision: 2, "suspended");
        _manager.SetConnections(other, Configs.Service, FakeAnswer.Denied("suspended"));

        await UntilAsync(
            "both closed", () => !_host.Pools.IsConnected(TenantId.Parse(other)) && !_host.Pools.IsConnected(TenantId.Parse(third)), within: Interval);
        Assert.Contains(_host.Logs.Lines, line => line.Message.Contains("cannot go on", StringComparison.Ordinal));
        Assert.True(_host.Pools.IsConnected(TenantId.Parse(_tenant)));
        Assert.Equal(0, _manager.ConnectionCalls(_tenant, Configs.Service));
    }

    [Fact]
    public async Task List_OfManyPages_IsReadAtOnce()
    {
        _feed.PageLength = 2;
        for (var n = 0; n < 4; n++)
            _feed.Tell(Configs.NewTenant(), revision: 1);
        await StartAsync();
        await CoveredAsync();

        // Five tenants: no time has to pass between the pages.
        Assert.Equal(3, _manager.FeedCalls.Count);
    }

    [Fact]
    public async Task MonotonicPod_FeedTellsOfAnOlderRevision_NothingIsAsked()
    {
        var newer = await Configs.WithDatabaseAsync(postgres, _tenant, revision: 5);
        Change(newer);
        await StartAsync();
        await SettleAsync();
        _manager.ClearCalls();

        _feed.Tell(_tenant, revision: 4, "suspended");
        await PassAsync(3 * Interval);

        Assert.Empty(_manager.Calls);
        Assert.Equal(200, await _host.StatusAsync(_tenant));
    }

    [Fact]
    public async Task Change_OfATenantThatIsNotHeld_AsksForNothing()
    {
        await StartAsync();
        await SettleAsync();
        _manager.ClearCalls();
        _feed.Tell(Configs.NewTenant(), revision: 3);
        await PassAsync(2 * Interval);
        Assert.Empty(_manager.Calls);
    }

    [Fact]
    public async Task Change_ReactivatesATenantKnownToBeRevoked()
    {
        await StartAsync();
        await SettleAsync();
        Deny(revision: 2);
        await UntilAsync("closed", () => !_host.Pools.IsConnected(TenantId.Parse(_tenant)), within: Interval);
        var revocations = _host.Services.GetRequiredService<Revocations>();
        Assert.NotEqual(0, revocations.Note(TenantId.Parse(_tenant)));

        Change(Configs.For(_tenant, _config.Connection(), revision: 3));
        await UntilAsync("lifted", () => revocations.Note(TenantId.Parse(_tenant)) == 0, within: Interval);
        Assert.Equal(200, await _host.StatusAsync(_tenant));
    }

    [Fact]
    public async Task Change_ThatCannotBeFollowedYet_IsTriedAgainEachInterval()
    {
        await StartAsync();
        await SettleAsync();

        // As between a rotation's commit and the password's change in the server.
        var unreachable = Configs.Unreachable(_tenant, revision: 2);
        Change(unreachable);
        await UntilAsync("the first attempt", () => Attempts == 1, within: Interval);
        await UntilAsync("the second attempt", () => Attempts >= 2, within: 2 * Interval);
        Assert.Equal(200, await _host.StatusAsync(_tenant));
    }

    [Fact]
    public async Task Net_EveryTenantIsAskedAboutNowAndThen_WhateverTheFeedTells()
    {
        await StartAsync(settings: new(StringComparer.Ordinal) { ["MULTI_TENANT_SLOW_CHECK_INTERVAL_SEC"] = "120" });
        await SettleAsync();

        // The feed does not tell of it.
        _manager.SetConnections(_tenant, Configs.Service, FakeAnswer.Denied("suspended"));
        await UntilAsync("closed", () => !_host.Pools.IsConnected(TenantId.Parse(_tenant)), within: TimeSpan.FromSeconds(125));
    }

    [Fact]
    public async Task Net_AllRevisionsAreComparedNowAndThen_WhateverTheFeedHasTold()
    {
        await StartAsync();
        await SettleAsync();
        var lists = Lists;
        await PassAsync(21 * Interval);
        Assert.Equal(lists + 1, Lists);
        Assert.True(_host.Services.GetRequiredService<FeedCoverage>().IsCovering);
    }

    [Fact]
    public async Task OutageServes_ValkeyHasComeBackEmpty_IsFilledAgainWithinAnInterval()
    {
        await StartAsync(isShared: true);
        await SettleAsync();
        await PassAsync(2 * Interval);
        _manager.ClearCalls();

        await valkey.ExecuteAsync("DEL", Key);
        await UntilAsync("filled", () => valkey.ExecuteAsync("EXISTS", Key).GetAwaiter().GetResult() is 1L, within: Interval + (Interval / 16));
        await PassAsync(3 * Interval);

        // One question, which the tenant-manager needs no configuration to answer; from then on none.
        Assert.Single(_manager.Calls);
        Assert.True(Assert.Single(_manager.Calls).Headers.ContainsKey("If-None-Match"));
    }

    [Theory]
    [InlineData(999_999_999, false)]
    [InlineData(1, true)]
    public async Task SourceWins_WhatSomebodyElseHasWrittenIntoL2_IsPutRightWithinAnInterval(long revision, bool isOtherwise)
    {
        await StartAsync(isShared: true);
        await SettleAsync();
        await PassAsync(2 * Interval);
        var forged = Configs.For(_tenant, _config.Connection(), revision, isOtherwise ? new ConnectionSettings { MaxOpenConns = 3 } : null);
        await valkey.ExecuteAsync("SET", Key, System.Text.Json.JsonSerializer.Serialize(forged, ContractJson.Options));
        var right = System.Text.Json.JsonSerializer.Serialize(_config, ContractJson.Options);

        await UntilAsync(
            "put right", () => valkey.ExecuteAsync("GET", Key).GetAwaiter().GetResult() as string == right, within: Interval + (Interval / 16));
    }

    [Fact]
    public async Task OutageServes_WhatL2Holds_IsRenewedBeforeHalfOfItsLifeIsOver()
    {
        await StartAsync(settings: new(StringComparer.Ordinal) { ["MULTI_TENANT_CACHE_L2_TTL_SEC"] = "43200" }, isShared: true);
        await SettleAsync();
        _manager.ClearCalls();

        // As when it was stored six hours ago: Valkey's time is its own.
        await valkey.ExecuteAsync("EXPIRE", Key, "21000");
        await UntilAsync("renewed", () => valkey.ExecuteAsync("TTL", Key).GetAwaiter().GetResult() is > 30_000L, within: Interval + (Interval / 16));
        Assert.Single(_manager.Calls);
    }

    private int Lists => _manager.FeedCalls.Count(call => !call.Path.Contains("since=", StringComparison.Ordinal));

    private int Attempts => _host.Logs.Lines.Count(line => line.Message.Contains("cannot be used yet", StringComparison.Ordinal));

    private void Change(TenantConfig config)
    {
        _manager.SetConnections(config.Id, Configs.Service, config);
        _feed.Tell(config.Id, config.Revision!.Value);
    }

    private void Deny(long revision)
    {
        _manager.SetConnections(_tenant, Configs.Service, FakeAnswer.Denied("suspended"));
        _feed.Tell(_tenant, revision, "suspended");
    }

    private async Task StartAsync(bool connect = true, Dictionary<string, string?>? settings = null, bool isShared = false)
    {
        _host = await ConsumerHost.StartAsync(_manager, isShared ? valkey : null, settings, _time, prefix: _prefix);
        if (connect)
            Assert.Equal(200, await _host.StatusAsync(_tenant));
    }

    private string Key => $"{_prefix}tenant-connections:{_tenant}:{Configs.Service}";

    private Task CoveredAsync() => UntilAsync("covered", () => _host.Services.GetRequiredService<FeedCoverage>().IsCovering, within: 2 * Interval);

    private Task UncoveredAsync() => UntilAsync("uncovered", () => !_host.Services.GetRequiredService<FeedCoverage>().IsCovering, within: 2 * Interval);

    /// <summary>Lets time pass until the feed is followed and the tenant has been asked about once since.</summary>
    private async Task SettleAsync(string? tenant = null)
    {
        await CoveredAsync();
        await UntilAsync(
            "settled", () => _host.Pools.Find(TenantId.Parse(tenant ?? _tenant)) is { IsSettled: true } && _manager.Calls.Any(call => call.SkipsCache && call.Path.Contains(tenant ?? _tenant, StringComparison.Ordinal)),
            within: 2 * Interval);
    }

    /// <summary>Lets so much time pass, in steps that each wait for whatever they have set off.</summary>
    private async Task PassAsync(TimeSpan duration)
    {
        for (var passed = TimeSpan.Zero; passed < duration; passed += Step)
            await StepAsync();
    }

    private async Task UntilAsync(string what, Func<bool> condition, TimeSpan within)
    {
        var passed = TimeSpan.Zero;
        for (; !condition(); passed += Step)
        {
            Assert.True(passed <= within, $"{what}: not within {within.TotalSeconds} s.");
            await StepAsync(condition);
        }
    }

    private static TimeSpan Step => TimeSpan.FromSeconds(0.5);

    /// <summary>
    /// What a step sets off has begun when the call that advances the time returns, off the test's own context; no further time passes
    /// until it has ended, unless the other side says nothing on purpose.
    /// </summary>
    private async Task StepAsync(Func<bool>? condition = null)
    {
        await Task.Run(() => _time.Advance(Step));
        await Eventually.HoldsAsync("quiet", () => condition?.Invoke() == true || IsQuiet);
        if (_isManagerAway)
            await Task.Delay(TimeSpan.FromMilliseconds(5));
    }

    private bool IsQuiet => (_isFeedSilent || _isManagerAway || !_host.Services.GetRequiredService<FeedReader>().IsAsking)
        && (_isManagerAway || _host.Services.GetRequiredService<RevalidationService>().IsIdle);
}
