using Microsoft.Extensions.DependencyInjection;
using TenantManager.Client.Revalidation;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.Revalidation;

/// <summary>A pod and a change feed to follow. No event reaches it, and time moves only when a test says so.</summary>
public abstract class FeedScene(ValkeyFixture valkey, PostgresFixture postgres) : IAsyncLifetime
{
    protected static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();

    private protected ValkeyFixture Valkey => valkey;

    private protected PostgresFixture Postgres => postgres;

    private protected string TenantName { get; } = Configs.NewTenant();

    private protected string Prefix { get; } = ValkeyFixture.NewPrefix();

    private protected FakeFeed Feed { get; } = new();

    private protected FakeTenantManager Manager { get; private set; } = null!;

    private protected ConsumerHost Host { get; private set; } = null!;

    private protected TenantConfig Config { get; private set; } = null!;

    /// <summary>The feed says nothing on purpose: it is not waited for.</summary>
    private protected bool IsFeedSilent { get; set; }

    /// <summary>Nor is the tenant-manager.</summary>
    private protected bool IsManagerAway { get; set; }

    public async Task InitializeAsync()
    {
        Manager = await FakeTenantManager.CreateAsync();
        Manager.Feed = Feed;
        Config = await Configs.WithDatabaseAsync(postgres, TenantName);
        Change(Config);
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await Manager.DisposeAsync();
    }

    private protected void Change(TenantConfig config)
    {
        Manager.SetConnections(config.Id, Configs.Service, config);
        Feed.Tell(config.Id, config.Revision!.Value);
    }

    private protected void Deny(long revision)
    {
        Manager.SetConnections(TenantName, Configs.Service, FakeAnswer.Denied("suspended"));
        Feed.Tell(TenantName, revision, "suspended");
    }

    private protected async Task StartAsync(bool connect = true, Dictionary<string, string?>? settings = null, bool isShared = false)
    {
        Host = await ConsumerHost.StartAsync(Manager, isShared ? valkey : null, settings, _time, prefix: Prefix);
        if (connect)
            Assert.Equal(200, await Host.StatusAsync(TenantName));
    }

    private protected Task CoveredAsync() => UntilAsync("covered", () => Host.Services.GetRequiredService<FeedCoverage>().IsCovering, within: 2 * Interval);

    private protected Task UncoveredAsync() => UntilAsync("uncovered", () => !Host.Services.GetRequiredService<FeedCoverage>().IsCovering, within: 2 * Interval);

    /// <summary>Lets time pass until the feed is followed and the tenant has been asked about once since.</summary>
    private protected async Task SettleAsync(string? tenant = null)
    {
        await CoveredAsync();
        await UntilAsync(
            "settled", () => Host.Pools.Find(TenantId.Parse(tenant ?? TenantName)) is { IsSettled: true } && Manager.Calls.Any(call => call.SkipsCache && call.Path.Contains(tenant ?? TenantName, StringComparison.Ordinal)),
            within: 2 * Interval);
    }

    /// <summary>Lets so much time pass, in steps that each wait for whatever they have set off.</summary>
    private protected async Task PassAsync(TimeSpan duration)
    {
        for (var passed = TimeSpan.Zero; passed < duration; passed += Step)
            await StepAsync();
    }

    private protected Task UntilAsync(string what, Func<bool> condition, TimeSpan within) => UntilAsync(what, () => Task.FromResult(condition()), within);

    private protected async Task UntilAsync(string what, Func<Task<bool>> condition, TimeSpan within)
    {
        var passed = TimeSpan.Zero;
        for (; !await condition(); passed += Step)
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
    private async Task StepAsync(Func<Task<bool>>? condition = null)
    {
        await Task.Run(() => _time.Advance(Step));
        await Eventually.HoldsAsync("quiet", async () => IsQuiet || (condition is not null && await condition()));
        if (IsManagerAway)
            await Task.Delay(TimeSpan.FromMilliseconds(5));
    }

    private bool IsQuiet => (IsFeedSilent || IsManagerAway || !Host.Services.GetRequiredService<FeedReader>().IsAsking)
        && (IsManagerAway || Host.Services.GetRequiredService<RevalidationService>().IsIdle);
}
