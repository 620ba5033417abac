using Cache.Core.Coherence;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Coherence;

/// <summary>The channel against a real server, which the tests also break.</summary>
public sealed class ValkeyCoherenceTests(ValkeyFixture valkey) : IClassFixture<ValkeyFixture>, IAsyncLifetime
{
    private readonly string _prefix = ValkeyFixture.NewPrefix();

    public Task InitializeAsync() => valkey.EnsureRunningAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Tracking_ForeignChanges_AreTold()
    {
        await using var rig = new CoherenceRig(valkey, _prefix);
        await rig.ProvenAsync();
        var key = _prefix + "schlüssel";

        await valkey.ExecuteAsync("SET", "elsewhere", "1");
        await valkey.ExecuteAsync("SET", key, "1");
        await rig.HeardAsync(key);
        await valkey.ExecuteAsync("PEXPIRE", key, "500"); // at once, the server might tell of both in one
        await rig.HeardAsync(key, 3); // the new lifetime, and its end
        await valkey.ExecuteAsync("SET", key, "2");
        await valkey.ExecuteAsync("DEL", key);
        await rig.HeardAsync(key, 5);
        await valkey.ExecuteAsync("EVAL", "for i = 1, 5000 do redis.call('SET', KEYS[1] .. i, 'x') end", "1", _prefix);
        await rig.HeardAsync(_prefix + "5000");

        Assert.DoesNotContain("elsewhere", rig.Heard.Keys);
        Assert.Equal(1, rig.Proofs);
        Assert.Equal(0, rig.Heard.Flushes);
        await valkey.FlushAsync();
        await Eventually.HoldsAsync("flush", () => rig.Heard.Flushes == 1);
    }

    [Fact]
    public async Task Tracking_ClientKilled_ComesBackUnderANewProof()
    {
        await using var rig = new CoherenceRig(valkey, _prefix);
        await rig.ProvenAsync();

        await valkey.ExecuteAsync("CLIENT", "KILL", "TYPE", "NORMAL", "SKIPME", "YES");

        await rig.ProvenAsync(2);
        await valkey.ExecuteAsync("SET", _prefix + "after", "1");
        await rig.HeardAsync(_prefix + "after");
    }

    [Fact]
    public async Task Tracking_ServerPaused_LeaseRunsOutAndComesBack()
    {
        await using var rig = new CoherenceRig(valkey, _prefix, lease: TimeSpan.FromMilliseconds(300));
        await rig.ProvenAsync();

        valkey.Server.Pause();
        await Eventually.HoldsAsync("expiry", () => !rig.IsProven);
        valkey.Server.Resume();
        await rig.ProvenAsync();
    }

    [Fact]
    public async Task Tracking_ServerRestarted_ComesBackUnderANewProof()
    {
        await using var rig = new CoherenceRig(valkey, _prefix);
        await rig.ProvenAsync();

        await valkey.Server.KillAsync();
        await Eventually.HoldsAsync("loss", () => rig.Coherence.ProvenUntil == long.MinValue);
        await valkey.Server.StartAsync();

        await rig.ProvenAsync(2);
    }

    [Fact]
    public async Task Auto_UserWithoutTracking_PodsTellEachOther()
    {
        await valkey.ExecuteAsync("ACL", "SETUSER", "limited", "on", ">limited-password", "~*", "&*", "+@all", "-client|tracking");
        await using var one = new CoherenceRig(valkey, _prefix, user: "limited", password: "limited-password");
        await using var other = new CoherenceRig(valkey, _prefix, CoherenceMode.PubSub);
        await one.ProvenAsync();
        await other.ProvenAsync();

        await one.Coherence.AnnounceAsync(_prefix + "by one");
        await other.Coherence.AnnounceAsync(_prefix + "by other");
        await one.Coherence.AnnounceAsync("elsewhere");

        await one.HeardAsync(_prefix + "by other");
        await other.HeardAsync(_prefix + "by one");
        Assert.Equal([_prefix + "by one", _prefix + "by other"], one.Heard.Keys.Order());

        await valkey.ExecuteAsync("CLIENT", "KILL", "TYPE", "PUBSUB");
        await one.ProvenAsync(2);
        await other.ProvenAsync(2);
        await Assert.ThrowsAsync<ArgumentException>(() => one.Coherence.AnnounceAsync(_prefix + new string('x', 20_000)).AsTask());
    }

    [Fact]
    public async Task Announce_ServerAway_DoesNotThrow()
    {
        await using var rig = new CoherenceRig(valkey, _prefix, CoherenceMode.PubSub, callLimit: TimeSpan.FromSeconds(1));
        await rig.ProvenAsync();
        await valkey.Server.KillAsync();

        await rig.Coherence.AnnounceAsync(_prefix + "key");
    }
}
