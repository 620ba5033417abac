using System.Globalization;
using Cache.Core.Coherence;
using Cache.Core.Tests.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.Logging.Abstractions;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Races;

/// <summary>The real channel, cut and held down while a revocation goes by untold.</summary>
public sealed class ReconnectRaces(ValkeyFixture valkey) : RaceRig(valkey), IClassFixture<ValkeyFixture>
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);
    private Gate? _down;
    private ChannelCoherence? _channel;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var address = string.Create(CultureInfo.InvariantCulture, $"{Valkey.Host}:{Valkey.Port}");
        _channel = new ChannelCoherence(
            new ValkeyOptions { Addresses = [address], Password = Valkey.Password, DialTimeout = TimeSpan.FromHours(1) },
            new CoherenceOptions { Lease = Lease },
            [Prefix],
            PubSub,
            Time,
            NullLogger<ChannelCoherence>.Instance,
            async stop =>
            {
                if (_down is { } down)
                    await down.PassAsync(stop);
                return [address];
            });
        _channel.Start();
        await Eventually.HoldsAsync("proof", () => _channel.ProvenUntil > Time.GetTimestamp());
    }

    public override async Task DisposeAsync()
    {
        _down?.Open();
        await _channel!.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task NoResurrection_PushLostWithItsConnection_IsMadeUpForByTheReconnect()
    {
        var (one, two) = (NewPod(_channel, onFakeTime: true), NewPod());
        Answers(Found("old"));
        await InL1Async(one, "old");

        var down = await CutAsync();
        await two.Cache.InvalidateAsync(Key);
        Time.Advance(Lease);
        Answers(Found("new"));
        down.Open();
        await Eventually.HoldsAsync("proof", () => _channel!.ProvenUntil > Time.GetTimestamp());

        Assert.Equal("new", (await Look(one)).Value);
    }

    [Fact]
    public async Task NoResurrection_PushLostWithItsConnection_LeaseRunsOutWithoutAnother()
    {
        var (one, two) = (NewPod(_channel, onFakeTime: true), NewPod());
        Answers(Found("old"));
        await InL1Async(one, "old");

        await CutAsync();
        await two.Cache.InvalidateAsync(Key);
        Time.Advance(Lease);
        Answers(Found("new"));

        Assert.Equal("new", (await Look(one)).Value);
    }

    [Theory]
    [InlineData(0, "new", 2)]
    [InlineData(-1, "old", 1)]
    public async Task NoResurrection_CallerAfterTheLease_DoesNotJoinAFlightFromBefore(int afterMilliseconds, string answer, int calls)
    {
        var (one, two) = (NewPod(onFakeTime: true), NewPod());
        one.Fence.IsAway = true;
        var gate = Source.Hold(Found("old"));
        var slow = Look(one);
        await gate.ReachedAsync();

        // Its fence was never noted, and the push is lost.
        await two.Cache.InvalidateAsync(Key);
        one.Told.Lose();
        Time.Advance(one.Told.Lease + TimeSpan.FromMilliseconds(afterMilliseconds));
        one.Fence.IsAway = false;
        Answers(Found("new"));
        var later = Look(one);
        gate.Open();

        Assert.Equal(answer, (await later).Value);
        await slow;
        Assert.Equal(calls, Source.Calls);
    }

    [Fact]
    public async Task NoResurrection_InvalidatedElsewhere_IsPushed()
    {
        var (one, two) = (NewPod(_channel, onFakeTime: true), NewPod());
        Answers(Found("old"));
        await InL1Async(one, "old");

        Answers(Found("new"));
        await two.Cache.InvalidateAsync(Key);

        await InL1Async(one, "new");
    }

    [Fact]
    public async Task RevocationWins_DeniedElsewhere_IsPushed()
    {
        var (one, two) = (NewPod(_channel, onFakeTime: true), NewPod());
        Answers(Found("1"));
        await InL1Async(one, "1");

        Answers(Suspended(2));
        await Revalidate(two);

        await Eventually.HoldsAsync("denied", async () => (await Look(one)).Outcome == FetchOutcome.Denied);
        Assert.Equal(2, Source.Calls);
    }

    /// <summary>Waits until the value is served from L1 although the channel has told everything up to now, the echo of its fill included.</summary>
    private Task InL1Async(Pod pod, string value) =>
        Eventually.BecomesAsync(
            $"'{value}' in L1",
            async () =>
            {
                await HeardAsync();
                return await Look(pod);
            },
            lookup => lookup.Value == value && lookup.Source == CacheSource.L1);

    /// <summary>The server answers in order: what was changed before a heartbeat has been told when it is answered.</summary>
    private async Task HeardAsync()
    {
        var before = _channel!.ProvenUntil;
        await Eventually.HoldsAsync("a heartbeat", () =>
        {
            // Not while one is on its way: the server is real, and is to be lost only when a test cuts it off.
            if (!Time.IsTiming(Lease * 2))
                Time.Advance(Lease / 6);
            return _channel.ProvenUntil > before;
        });
    }

    /// <summary>Kills the channel's connection and keeps it from coming back until the gate is opened.</summary>
    private async Task<Gate> CutAsync()
    {
        var down = _down = new Gate();
        var channels = ((string)(await Valkey.ExecuteAsync("CLIENT", "LIST"))!).Split('\n').Where(client => client.Contains(":coherence ", StringComparison.Ordinal));
        foreach (var channel in channels)
            await Valkey.ExecuteAsync("CLIENT", "KILL", "ID", channel.Split(' ')[0]["id=".Length..]);
        await Eventually.HoldsAsync("the loss", () => _channel!.ProvenUntil == long.MinValue);
        await Eventually.HoldsAsync("the attempt to reconnect", () =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(25));
            return down.ReachedAsync().IsCompleted;
        });
        return down;
    }
}
