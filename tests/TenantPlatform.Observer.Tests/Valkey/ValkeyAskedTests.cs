using System.Security.Cryptography;
using TenantPlatform.Observer.Reporting;
using TenantPlatform.TestKit;

namespace TenantPlatform.Observer.Tests.Valkey;

/// <summary>F10: a real Valkey is asked what it would have pods serve. What an acknowledged change has outdated there is stale; all else is not.</summary>
public sealed class ValkeyAskedTests(ValkeyFixture valkey) : IClassFixture<ValkeyFixture>, IAsyncLifetime
{
    // Pauses that nobody else makes: the connection to Valkey lives by the same clock.
    private static readonly TimeSpan FeedRest = TimeSpan.FromSeconds(1.37);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.37);
    private readonly string _tenant = $"t{Guid.NewGuid():N}"[..24];
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedPods _pods = new();
    private SharedCache _shared = null!;
    private FakeTenantManager _manager = null!;
    private ObserverHost _observer = null!;

    public async Task InitializeAsync()
    {
        _shared = new SharedCache(valkey, _tenant);
        _manager = await FakeTenantManager.CreateAsync();
        _manager.Feed = new FakeFeed();
        _manager.Feed.Tell(_tenant, 1);
        _manager.SetTenants((_tenant, 1));
        _pods.Answer("one", _tenant, "manager", null, null);
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        var logs = _observer.Logs.Text;
        await _observer.DisposeAsync();
        await _manager.DisposeAsync();
        await _shared.DisposeAsync();
        _pods.Dispose();
        await valkey.EnsureRunningAsync();

        // Whatever was read, only its revision was looked at.
        Assert.DoesNotContain(SharedCache.Secret, logs, StringComparison.Ordinal);
        Assert.DoesNotContain(valkey.Password, logs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EntryLeftBehind_IsStale_UntilItIsReplaced()
    {
        await _shared.StoreAsync(1);
        await ChangeAsync(2);
        await AnsweredAsync("outdated", 1);
        Assert.Equal((1, 1), (_observer.Summary.Stale.Valkey!.Now, (int)_observer.Shown("observer.stale.now", ("kind", "valkey"))));
        Assert.Equal(0, _observer.Summary.Stale.Pods.Now);

        await AskAgainAsync();
        await AnsweredAsync("outdated", 2);
        await _shared.StoreAsync(2);
        await AskAgainAsync();

        await _observer.HoldsAsync("Valkey agrees", summary => summary.Stale.Valkey is { Now: 0, Times: 1 });
        Assert.Equal(new Spread(0.37, 0.37, 0.37), _observer.Summary.Stale.Valkey!.AtLeast);
        Assert.Equal(new Spread(0.74, 0.74, 0.74), _observer.Summary.Stale.Valkey.AtMost);
        Assert.Equal([0.37], _observer.Recorded("observer.stale.at_least", ("kind", "valkey"), ("respondent", "valkey")));
        Assert.Equal([0.74], _observer.Recorded("observer.stale.at_most", ("kind", "valkey")));
        Assert.Equal(0, _observer.Summary.Stale.Pods.Times);
        Assert.Equal("asked", _observer.Summary.Valkey);
    }

    [Fact]
    public async Task EntryOfTheChange_IsFresh()
    {
        await _shared.StoreAsync(2);
        await ChangeAsync(2);

        await AnsweredAsync("fresh", 1);
        Assert.Equal((0, 0), (_observer.Summary.Stale.Valkey!.Times, _observer.Summary.Stale.Valkey.Now));
    }

    [Fact]
    public async Task NoEntry_ServesNothing_AndIsFresh()
    {
        await _shared.StoreAsync(1);
        await _shared.InvalidateAsync();
        await ChangeAsync(2);

        await AnsweredAsync("fresh", 1);
    }

    [Fact]
    public async Task EntryOfASuspendedTenant_IsRevoked_UntilItsTombstone()
    {
        await _shared.StoreAsync(1);
        await ChangeAsync(2, "suspended");
        await AnsweredAsync("revoked", 1);
        await _shared.DenyAsync(2);
        await AskAgainAsync();

        await _observer.HoldsAsync("Valkey agrees", summary => summary.Stale.Valkey is { Now: 0, Times: 1 });
    }

    [Fact]
    public async Task TombstoneOfAServedTenant_IsRefusing()
    {
        await _shared.DenyAsync(1);
        await ChangeAsync(2);

        await AnsweredAsync("refusing", 1);
    }

    /// <summary>Who knows no fences has put an old value back; every pod sees by the fence that it is none.</summary>
    [Fact]
    public async Task OldEntryThatItsFenceRefuses_IsNotServed_AndNotStale()
    {
        await _shared.StoreAsync(1);
        var old = (string)(await _shared.ExecuteAsync("GET"))!;
        await _shared.StoreAsync(2);
        await _shared.ExecuteAsync("SET", old);
        await ChangeAsync(2);

        await AnsweredAsync("fresh", 1);
        Assert.Equal(old, await _shared.ExecuteAsync("GET"));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("list")]
    [InlineData("another tenant's")]
    public async Task Rubbish_IsUnreadable_NotStale_AndLeftWhereItIs(string kind)
    {
        if (kind == "text")
            await _shared.ExecuteAsync("SET", "{{{ no JSON");
        else if (kind == "list")
            await _shared.ExecuteAsync("LPUSH", "no text");
        else
            await _shared.StoreAsync(1, id: "somebody-else");
        var before = await _shared.ExecuteAsync("DUMP");
        await ChangeAsync(2);

        await AnsweredAsync("unreadable", 1);
        Assert.Equal((0, 0, 0), (_observer.Summary.Stale.Valkey!.Now, _observer.Summary.Stale.Valkey.Times, _observer.Summary.Stale.Valkey.StaleAnswers));
        Assert.Equal(before, await _shared.ExecuteAsync("DUMP"));
        Assert.Contains("Valkey holds a configuration that cannot be read", _observer.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EncryptedEntry_IsReadWithTheKeys_AndUnreadableWithoutThem()
    {
        var keys = $"k1:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";
        await _shared.StoreAsync(1, keys);
        await ChangeAsync(2);
        await AnsweredAsync("unreadable", 1);

        await _observer.DisposeAsync();
        await StartAsync(keys);
        await ChangeAsync(3);

        await AnsweredAsync("outdated", 1);
        Assert.DoesNotContain(keys, _observer.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ValkeyAway_IsUnanswered_NotStale_AndAskedAgain()
    {
        await _shared.StoreAsync(2);
        await valkey.Server.KillAsync();
        await ChangeAsync(2);
        await AnsweredAsync("away", 1);
        Assert.Equal((0, 0), (_observer.Summary.Stale.Valkey!.Now, _observer.Summary.Stale.Valkey.Answers));
        await _observer.HoldsAsync("the pod is asked all the same", summary => summary.Answers.GetValueOrDefault("one")?.GetValueOrDefault("fresh") == 1);

        await valkey.EnsureRunningAsync();

        await _observer.HoldsAsync("Valkey answers", summary =>
        {
            if (_time.IsTiming(Pause))
                _time.Advance(Pause);
            return summary.Answers["valkey"].GetValueOrDefault("fresh") == 1;
        });
        Assert.Equal(0, _observer.Summary.Stale.Valkey!.Times);
    }

    private async Task StartAsync(string? encryptionKeys = null)
    {
        _observer = await ObserverHost.StartAsync(
            _manager, ["http://one"], _time, _pods, interval: "3600", pause: "0.37", valkey.ConnectionString, encryptionKeys, options => options.FeedGap = options.FeedRest = FeedRest);

        // It begins with the list and with the feed, in either order: what it learns from both is no change.
        await _observer.SweptAsync(1);
        await RestsAsync();
    }

    private async Task ChangeAsync(long revision, string? status = null)
    {
        _manager.SetTenants((_tenant, revision));
        _manager.Feed!.Tell(_tenant, revision, status);
        await RestsAsync();
        _time.Advance(FeedRest);
    }

    private async Task AskAgainAsync()
    {
        await Eventually.HoldsAsync("the watch rests", () => _time.IsTiming(Pause));
        _time.Advance(Pause);
    }

    private Task AnsweredAsync(string verdict, long times) => Eventually.BecomesAsync(
        $"Valkey is {verdict}, {times} times",
        () => Task.FromResult(string.Join(", ", (_observer.Summary.Answers.GetValueOrDefault("valkey") ?? []).Select(answer => $"{answer.Key}: {answer.Value}"))),
        seen => seen.Split(", ").Contains($"{verdict}: {times}", StringComparer.Ordinal));

    private Task RestsAsync() => Eventually.HoldsAsync("the feed rests", () => _time.IsTiming(FeedRest));
}
