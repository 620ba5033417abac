using System.Globalization;
using System.Text;
using Cache.Core.Membership;
using Cache.Core.Tests.Valkey;
using Cache.Core.Valkey;
using Microsoft.Extensions.Logging.Abstractions;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Membership;

/// <summary>Who is there, on one real server.</summary>
[Collection(ValkeyCollection.Name)]
public sealed class MembershipTests : IAsyncDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly string _group = ValkeyFixture.NewPrefix().TrimEnd(':');
    private readonly ValkeyFixture _valkey;
    private readonly ValkeyClients _clients;
    private readonly ValkeyMembership _membership;

    public MembershipTests(ValkeyFixture valkey)
    {
        _valkey = valkey;
        _clients = new ValkeyClients(valkey);
        _membership = NewMembership();
    }

    [Fact]
    public async Task Member_IsThereFromItsWordOn_WithItsLatestWord()
    {
        await SayAsync("b", "one");
        await SayAsync("a", "two");
        await SayAsync("b", "three");

        Assert.Equal(["a two", "b three"], await ReadAsync());
    }

    [Fact]
    public async Task Member_IsGoneWhenItHasBeenSilentForItsLifetime_AndBackWithItsNextWord()
    {
        await _membership.AnnounceAsync(_group, "a", "x"u8.ToArray(), TimeSpan.FromMilliseconds(50));
        await Eventually.HoldsAsync("its end", async () => (await ReadAsync()).Count == 0);

        await SayAsync("a", "again");
        Assert.Equal(["a again"], await ReadAsync());
    }

    [Fact]
    public async Task Member_ThatWithdraws_IsGoneAtOnce_AndLeavesNothing()
    {
        await SayAsync("a", "x");
        await _membership.WithdrawAsync(_group, "a");

        Assert.Empty(await ReadAsync());
        Assert.Equal(0L, await _valkey.ExecuteAsync("EXISTS", $"{_group}:a", $"{_group}:~index"));
    }

    [Fact]
    public async Task Member_ThatValkeyHasForgotten_IsListedAgainWithItsNextWord()
    {
        await SayAsync("a", "x");
        await _valkey.ExecuteAsync("DEL", $"{_group}:a", $"{_group}:~index");

        await SayAsync("a", "y");

        Assert.Equal(["a y"], await ReadAsync());
    }

    [Fact]
    public async Task Word_ThatFollowsAnother_IsOneCommand()
    {
        await SayAsync("a", "x");
        var before = await CommandsAsync();
        for (var n = 0; n < 20; n++)
            await SayAsync("a", "y");

        // But for what keeps the connections.
        Assert.InRange(await CommandsAsync() - before, 20, 30);
    }

    [Fact]
    public async Task FiveHundredMembers_AreReadTogether()
    {
        await Task.WhenAll(Enumerable.Range(0, 500).Select(n => SayAsync(n.ToString(CultureInfo.InvariantCulture), "x")));

        Assert.Equal(500, (await ReadAsync()).Count);
    }

    [Fact]
    public async Task Index_LosesNamesThatWereSilentForLong()
    {
        await SayAsync("a", "x");
        await _valkey.ExecuteAsync("HSET", $"{_group}:~index", "long-gone", "1000", "rubbish", "x");

        Assert.Equal(["a x"], await ReadAsync());

        Assert.Equal(["a"], ((IReadOnlyList<object?>)(await _valkey.ExecuteAsync("HKEYS", $"{_group}:~index"))!).Cast<string>());
    }

    [Fact]
    public async Task EveryKeyOfAGroup_EndsByItself()
    {
        await SayAsync("a", "x");

        Assert.InRange((long)(await _valkey.ExecuteAsync("PTTL", $"{_group}:a"))!, 1, 60_000);
        Assert.InRange((long)(await _valkey.ExecuteAsync("PTTL", $"{_group}:~index"))!, 1, 7_200_000);
    }

    public ValueTask DisposeAsync() => _clients.DisposeAsync();

    private ValkeyMembership NewMembership() => new(_clients.Connection, NullLogger<ValkeyMembership>.Instance);

    private Task SayAsync(string name, string value) => _membership.AnnounceAsync(_group, name, Encoding.UTF8.GetBytes(value), Minute).AsTask();

    private async Task<List<string>> ReadAsync() =>
        [.. (await NewMembership().ReadAsync(_group)).Select(member => $"{member.Name} {Encoding.UTF8.GetString(member.Value)}")];

    private async Task<long> CommandsAsync()
    {
        var stats = (string)(await _valkey.ExecuteAsync("INFO", "stats"))!;
        return long.Parse(stats.Split('\n').Single(line => line.StartsWith("total_commands_processed:", StringComparison.Ordinal)).Split(':')[1], CultureInfo.InvariantCulture);
    }
}
