using System.Net;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Client.Revalidation;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.Revalidation;

/// <summary>What is under the change feed (F12): comparisons, and a look at both tiers, whatever it tells.</summary>
public sealed class FeedNetTests(ValkeyFixture valkey, PostgresFixture postgres)
    : FeedScene(valkey, postgres), IClassFixture<ValkeyFixture>, IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Net_EveryTenantIsAskedAboutNowAndThen_WhateverTheFeedTells()
    {
        await StartAsync(settings: new(StringComparer.Ordinal) { ["MULTI_TENANT_SLOW_CHECK_INTERVAL_SEC"] = "120" });
        await SettleAsync();

        // The feed does not tell of it.
        Manager.SetConnections(TenantName, Configs.Service, FakeAnswer.Denied("suspended"));
        await UntilAsync("closed", () => !Host.Pools.IsConnected(TenantId.Parse(TenantName)), within: TimeSpan.FromSeconds(125));
    }

    [Fact]
    public async Task Net_AllRevisionsAreComparedNowAndThen_WhateverTheFeedHasTold()
    {
        await StartAsync();
        await SettleAsync();
        var lists = Lists;
        await PassAsync(21 * Interval);
        Assert.Equal(lists + 1, Lists);
        Assert.True(Host.Services.GetRequiredService<FeedCoverage>().IsCovering);
    }

    [Fact]
    public async Task OutageServes_ValkeyHasComeBackEmpty_IsFilledAgainWithinAnInterval()
    {
        await StartAsync(isShared: true);
        await SettleAsync();
        await PassAsync(2 * Interval);
        Manager.ClearCalls();

        await Valkey.ExecuteAsync("DEL", Key);
        await UntilAsync("filled", async () => await Valkey.ExecuteAsync("EXISTS", Key) is 1L, within: Interval + (Interval / 16));
        await PassAsync(3 * Interval);

        // One question, which the tenant-manager needs no configuration to answer; from then on none.
        Assert.Single(Manager.Calls);
        Assert.True(Assert.Single(Manager.Calls).Headers.ContainsKey("If-None-Match"));
    }

    [Theory]
    [InlineData(999_999_999, false)]
    [InlineData(1, true)]
    public async Task SourceWins_WhatSomebodyElseHasWrittenIntoL2_IsPutRightWithinAnInterval(long revision, bool isOtherwise)
    {
        await StartAsync(isShared: true);
        await SettleAsync();
        await PassAsync(2 * Interval);
        var forged = Configs.For(TenantName, Config.Connection(), revision, isOtherwise ? new ConnectionSettings { MaxOpenConns = 3 } : null);
        await Valkey.ExecuteAsync("SET", Key, System.Text.Json.JsonSerializer.Serialize(forged, ContractJson.Options));
        var right = System.Text.Json.JsonSerializer.Serialize(Config, ContractJson.Options);

        await UntilAsync(
            "put right", async () => await Valkey.ExecuteAsync("GET", Key) as string == right, within: Interval + (Interval / 16));
    }

    [Fact]
    public async Task OutageServes_WhatL2Holds_IsRenewedBeforeHalfOfItsLifeIsOver()
    {
        await StartAsync(settings: new(StringComparer.Ordinal) { ["MULTI_TENANT_CACHE_L2_TTL_SEC"] = "43200" }, isShared: true);
        await SettleAsync();
        Manager.ClearCalls();

        // As when it was stored six hours ago: Valkey's time is its own.
        await Valkey.ExecuteAsync("EXPIRE", Key, "21000");
        await UntilAsync("renewed", async () => await Valkey.ExecuteAsync("TTL", Key) is > 30_000L, within: Interval + (Interval / 16));
        Assert.Single(Manager.Calls);
    }

    private int Lists => Manager.FeedCalls.Count(call => !call.Path.Contains("since=", StringComparison.Ordinal));

    private string Key => $"{Prefix}tenant-connections:{TenantName}:{Configs.Service}";
}
