using System.Text;
using Cache.Core.Fencing;
using Cache.Core.Tests.Tiered;
using Cache.Core.Valkey;
using Cache.Core.Valkey.Ring;
using TenantPlatform.LocalServers;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey.Ring;

/// <summary>E2: a node of a real ring is lost and comes back.</summary>
[Collection(RingCollection.Name)]
public sealed class RingLossTests(RingFixture ring) : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly List<RingPod> _pods = [];
    private readonly string _prefix = ValkeyFixture.NewPrefix();
    private readonly Source _source = new();

    /// <summary>The server that is lost.</summary>
    private ValkeyServer Lost => ring.Servers[1];

    private string LostAddress => RingFixture.Address(Lost);

    private IEnumerable<ValkeyServer> Others => ring.Servers.Where(server => server != Lost);

    public Task InitializeAsync() => ring.RenewAsync();

    public async Task DisposeAsync()
    {
        foreach (var pod in _pods)
            await pod.DisposeAsync();
        await ring.RenewAsync();
    }

    [Fact]
    public async Task E2_NodeLost_ItsKeysMove_TheOthersStay_AndChangesOfThemAreHeard()
    {
        var (one, other) = (await StartAsync(), await StartAsync());
        string[] keys = [.. Enumerable.Range(0, 40).Select(n => $"k{n}")];
        foreach (var key in keys)
            await one.LookAsync(_source, key);
        var before = keys.ToDictionary(key => key, key => NodeOf(one, key));
        Assert.Equal(3, before.Values.Distinct().Count());
        Assert.True(await one.Client.PingAsync() > TimeSpan.Zero);
        await new RingMembership(one.Nodes).AnnounceAsync($"{_prefix}pods", "one", "here"u8.ToArray(), Hour);

        await Lost.KillAsync();
        await Task.WhenAll(one.UsesAsync(2), other.UsesAsync(2));

        foreach (var key in keys)
        {
            var calls = _source.Calls;
            var isMoved = before[key] == LostAddress;
            Assert.Equal(isMoved, NodeOf(one, key) != before[key]);
            Assert.Equal(isMoved ? CacheSource.Fetch : CacheSource.L2, (await other.LookAsync(_source, key)).Source);
            Assert.Equal(isMoved ? 1 : 0, _source.Calls - calls);

            // And from there by everybody.
            await one.LookAsync(_source, key);
            Assert.Equal(isMoved ? 1 : 0, _source.Calls - calls);
        }

        var moved = keys.First(key => before[key] == LostAddress);
        await other.Cache.SetAsync(moved, "changed");
        await Eventually.HoldsAsync("the change", async () => (await one.LookAsync(_source, moved)).Value == "changed");

        var fault = await Assert.ThrowsAsync<CacheUnavailableException>(async () => await one.Client.PingAsync());
        Assert.Contains(LostAddress, fault.Message, StringComparison.Ordinal);
        Assert.Equal([LostAddress], (await one.Client.StatisticsAsync()).Where(server => !server.IsReachable).Select(server => server.Address));
        Assert.Equal("one", Assert.Single(await new RingMembership(other.Nodes).ReadAsync($"{_prefix}pods")).Name);
    }

    [Fact]
    public async Task NoResurrection_NodeBackWithOldValues_IsEmptiedBeforeAnybodyReadsIt()
    {
        var (one, other) = (await StartAsync(), await StartAsync());
        var key = KeyOnLost(one);
        Answers("old");
        await one.LookAsync(_source, key);
        Assert.NotNull(await Lost.ExecuteAsync(["GET", _prefix + key]));

        Lost.Pause();
        await Task.WhenAll(one.UsesAsync(2), other.UsesAsync(2));
        Answers("new");
        await one.Cache.InvalidateAsync(key);
        Assert.Equal("new", (await other.LookAsync(_source, key)).Value);

        Lost.Resume();
        await Task.WhenAll(one.UsesAsync(3), other.UsesAsync(3));

        Assert.Null(await Lost.ExecuteAsync(["GET", _prefix + key]));
        var late = await StartAsync();
        Assert.Equal("new", (await late.LookAsync(_source, key)).Value);
        Assert.Equal("new", (await one.LookAsync(_source, key)).Value);
        foreach (var server in Others)
            Assert.Null(await server.ExecuteAsync(["GET", RingKeys.Lost(LostAddress)]));
    }

    [Fact]
    public async Task NoResurrection_PodThatHasNotSeenTheOutage_EmptiesTheNodeAllTheSame_Once()
    {
        var one = await StartAsync();
        var key = KeyOnLost(one);
        Answers("old");
        await one.LookAsync(_source, key);

        // As a process left it that has seen the outage, and has died with it.
        await Others.First().ExecuteAsync(["SET", RingKeys.Lost(LostAddress), "0123456789abcdef"]);
        Answers("new");
        var late = await StartAsync();

        await Eventually.HoldsAsync("it is emptied", async () => await Lost.ExecuteAsync(["GET", RingKeys.Emptied]) is "0123456789abcdef");
        await Task.WhenAll(one.UsesAsync(3), late.UsesAsync(3));
        Assert.Equal("new", (await late.LookAsync(_source, key)).Value);
        Assert.Equal("new", (await one.LookAsync(_source, key)).Value);
        Assert.Null(await Others.First().ExecuteAsync(["GET", RingKeys.Lost(LostAddress)]));

        // What is written since then stays, although it is told of once more.
        await Others.First().ExecuteAsync(["SET", RingKeys.Lost(LostAddress), "0123456789abcdef"]);
        var calls = _source.Calls;
        var later = await StartAsync();
        Assert.Equal("new", (await later.LookAsync(_source, key)).Value);
        Assert.Equal(calls, _source.Calls);
    }

    [Fact]
    public async Task OutageServes_PodsStartedAgain_FindWhatTheyLeft()
    {
        var one = await StartAsync();
        string[] keys = [.. Enumerable.Range(0, 10).Select(n => $"k{n}")];
        foreach (var key in keys)
            await one.LookAsync(_source, key);
        _pods.Remove(one);
        await one.DisposeAsync();

        var again = await StartAsync();

        foreach (var key in keys)
            Assert.Equal(CacheSource.L2, (await again.LookAsync(_source, key)).Source);
    }

    [Fact]
    public async Task NoResurrection_AnotherProcessDoesNotReachANode_NobodyUsesItMeanwhile()
    {
        var one = await StartAsync();
        var key = KeyOnLost(one);
        Answers("old");
        await one.LookAsync(_source, key);

        // The other one's word, and what it does on the node that it takes the key to be on.
        await Others.First().ExecuteAsync(["SET", RingKeys.Lost(LostAddress), "fedcba9876543210"]);
        await Others.First().ExecuteAsync(["SET", RingKeys.Held(LostAddress), "1", "PX", "1500"]);
        await one.UsesAsync(2);
        Answers("new");
        Assert.Equal("new", (await one.LookAsync(_source, key)).Value);

        await one.UsesAsync(3);
        Assert.Null(await Lost.ExecuteAsync(["GET", _prefix + key]));
        Assert.Equal("new", (await one.LookAsync(_source, key)).Value);
    }

    [Fact]
    public async Task NoResurrection_TagRemovedWhileItsNodeIsOut_StaysRemovedWhenItIsBack()
    {
        var one = await StartAsync();
        var tag = Enumerable.Range(0, int.MaxValue).Select(n => $"tag{n}").First(name => NodeOf(one, $"~tag~{name}") == LostAddress);
        string[] keys = [.. Enumerable.Range(0, 20).Select(n => $"k{n}")];
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("old", options: new CacheEntryOptions { Tags = [tag] }));
        foreach (var key in keys)
            await one.LookAsync(_source, key);

        await Others.First().ExecuteAsync(["SET", RingKeys.Lost(LostAddress), "fedcba9876543210"]);
        await Others.First().ExecuteAsync(["SET", RingKeys.Held(LostAddress), "1", "PX", "1500"]);
        await one.UsesAsync(2);
        await one.Cache.RemoveByTagAsync(tag);
        await one.UsesAsync(3);

        Answers("new");
        var late = await StartAsync();
        foreach (var key in keys)
            Assert.Equal("new", (await late.LookAsync(_source, key)).Value);
    }

    [Fact]
    public async Task RevocationWins_NodeThatHoldsADenialDies_WhoKnowsOfItRefuses_AndForTheOthersTheSourceDecides()
    {
        var one = await StartAsync();
        var key = KeyOnLost(one);
        await one.LookAsync(_source, key);
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Denied("suspended", 5));
        await _source.RefreshAsync(one.Cache, key);
        Assert.Equal("suspended", (await one.Client.Fence.PeekAsync(_prefix + key)).Denial);

        await Lost.KillAsync();
        await one.UsesAsync(2);
        var late = await StartAsync(nodes: 2);
        Assert.Null((await late.Client.Fence.PeekAsync(_prefix + key)).Denial);

        // The source away: nothing is served, by nobody. Neither node has a value left.
        _source.Answer = _ => throw new HttpRequestException("away");
        Assert.Equal(FetchOutcome.Denied, (await one.LookAsync(_source, key)).Outcome);
        await Assert.ThrowsAsync<HttpRequestException>(() => late.LookAsync(_source, key));

        _source.Answer = _ => Task.FromResult(FetchResult<string>.Denied("suspended", 5));
        Assert.Equal(FetchOutcome.Denied, (await late.LookAsync(_source, key)).Outcome);
        Assert.Equal("suspended", (await one.Client.Fence.PeekAsync(_prefix + key)).Denial);
    }

    [Fact]
    public async Task NoResurrection_CopyThatAnOutageLeftElsewhere_GoesWithTheNextRevocation()
    {
        var one = await StartAsync();
        var key = KeyOnLost(one);
        await Lost.KillAsync();
        await one.UsesAsync(2);
        await one.LookAsync(_source, key);
        await one.Client.SetAsync(_prefix + key + "~plain", "left"u8.ToArray(), Hour);
        await Lost.StartAsync();
        await one.UsesAsync(3);
        await one.LookAsync(_source, key);
        Assert.Equal(2, await HoldersAsync(_prefix + key));

        // Denied: the value goes everywhere, and the denial is where the key is.
        Assert.Equal(FenceOutcome.Stored, await one.Client.Fence.DenyAsync(_prefix + key, "suspended", revision: null, Hour));
        Assert.Equal(0, await HoldersAsync(_prefix + key));

        await one.Client.SetAsync(_prefix + key + "~plain", "new"u8.ToArray(), Hour);
        Assert.Equal(1, await HoldersAsync(_prefix + key + "~plain"));
        Assert.Equal("new"u8.ToArray(), await one.Client.GetAsync(_prefix + key + "~plain"));
    }

    [Fact]
    public async Task NoResurrection_FetchInFlight_WhileItsNodeIsLostAndItsKeyInvalidated_IsMadeAgain()
    {
        var (one, other) = (await StartAsync(), await StartAsync());
        var key = KeyOnLost(one);
        var gate = _source.Hold(FetchResult<string>.Found("old"));
        var fetching = one.LookAsync(_source, key);
        await Eventually.HoldsAsync("the fetch", () => _source.Calls == 1);

        await Lost.KillAsync();
        await Task.WhenAll(one.UsesAsync(2), other.UsesAsync(2));
        Answers("new");
        await other.Cache.InvalidateAsync(key);
        gate.Open();
        await fetching;

        Assert.Equal("new", (await other.LookAsync(_source, key)).Value);
        Assert.Equal("new", (await one.LookAsync(_source, key)).Value);
    }

    [Fact]
    public async Task Events_AreHeardOnce_InOrder_AndAgainWhenTheirNodeIsLost()
    {
        var (one, other) = (await StartAsync(), await StartAsync());
        var channel = Enumerable.Range(0, int.MaxValue).Select(n => $"{_prefix}events{n}").First(name => one.Nodes.Find(name)!.Address == LostAddress);
        var (heard, restored) = (new List<string>(), 0);
        one.PubSub.Restored += () => Interlocked.Increment(ref restored);
        await using var subscription = await one.PubSub.SubscribeAsync(channel, message =>
        {
            lock (heard)
                heard.Add(Encoding.UTF8.GetString(message.Span));
            return ValueTask.CompletedTask;
        });

        for (var n = 0; n < 5; n++)
            Assert.Equal(1, await other.PubSub.PublishAsync(channel, Encoding.UTF8.GetBytes($"{n}")));
        await HeardAsync(5);

        await Lost.KillAsync();
        await Task.WhenAll(one.UsesAsync(2), other.UsesAsync(2));
        await Eventually.HoldsAsync("it is said that some may be missing", () => Volatile.Read(ref restored) > 0);
        Assert.Equal(1, await other.PubSub.PublishAsync(channel, "5"u8.ToArray()));
        await HeardAsync(6);
        Assert.Equal(["0", "1", "2", "3", "4", "5"], heard);

        Task HeardAsync(int count) => Eventually.HoldsAsync($"{count} messages", () =>
        {
            lock (heard)
                return heard.Count >= count;
        });
    }

    private async Task<RingPod> StartAsync(int nodes = 3)
    {
        var pod = new RingPod(ring, _prefix);
        _pods.Add(pod);
        await pod.UsesAsync(nodes);
        return pod;
    }

    private void Answers(string value) => _source.Answer = _ => Task.FromResult(FetchResult<string>.Found(value));

    private string NodeOf(RingPod pod, string key) => pod.Nodes.Find(_prefix + key)!.Address;

    private string KeyOnLost(RingPod pod) => Enumerable.Range(0, int.MaxValue).Select(n => $"key{n}").First(key => NodeOf(pod, key) == LostAddress && NodeOf(pod, key + "~plain") == LostAddress);

    private async Task<int> HoldersAsync(string stored) =>
        (await Task.WhenAll(ring.Servers.Select(server => server.ExecuteAsync(["EXISTS", stored])))).Count(found => found is 1L);
}
