using Cache.Core.Coherence;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Coherence;

/// <summary>The channel against servers that a test directs, in a time that a test moves.</summary>
public sealed class ChannelCoherenceTests : IAsyncDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);
    private readonly FakeTimeProvider _time = new();
    private readonly LogCollector _log = new();
    private readonly ScriptedServer _server = new();
    private readonly Heard _heard = new();
    private ChannelCoherence? _coherence;

    private ChannelCoherence Coherence => _coherence!;

    /// <summary>How often the channel was established.</summary>
    private int Proofs => Coherence.Proof - 1;

    public async ValueTask DisposeAsync()
    {
        if (_coherence is not null)
            await _coherence.DisposeAsync();
        await _server.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task Start_Server_IsAskedForTrackingOfDisjointPrefixes()
    {
        await StartAsync(prefixes: ["tm-config:", "tm-config:a:", "other:"]);

        Assert.Equal(
            ["HELLO 3 AUTH default the-password", "CLIENT SETNAME cache-core:coherence", "CLIENT TRACKING ON BCAST PREFIX tm-config: PREFIX other:"],
            _server.Received.Take(3));
        Assert.Contains("Coherence by tracking is in force", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoServerYet_NothingIsProven()
    {
        _server.Answers["HELLO"] = "";
        Start();
        await _server.ReceivedAsync("HELLO");

        Assert.True(Coherence.ProvenUntil < _time.GetTimestamp());
        Assert.Equal(0, Proofs);
    }

    [Fact]
    public async Task Lease_AnsweredHeartbeat_RunsFromTheMomentItWasSent()
    {
        await StartAsync();
        _server.Answers["PING"] = "";
        var pings = _server.Count("PING");
        await NextBeatAsync();
        await _server.ReceivedAsync("PING", pings + 1);
        var sent = _time.GetTimestamp();

        _time.Advance(TimeSpan.FromSeconds(1.5));
        Assert.True(Coherence.ProvenUntil < sent + Lease.Ticks);
        await _server.SayAsync("+PONG\r\n");

        await Eventually.HoldsAsync("renewal", () => Coherence.ProvenUntil >= sent + Lease.Ticks);
        Assert.Equal(sent + Lease.Ticks, Coherence.ProvenUntil);
    }

    [Fact]
    public async Task Lease_PushBeforePong_IsToldBeforeTheRenewal()
    {
        await StartAsync();
        _server.Answers["PING"] = "";
        var pings = _server.Count("PING");
        await NextBeatAsync();
        await _server.ReceivedAsync("PING", pings + 1);
        var sent = _time.GetTimestamp();
        var provenWhenTold = 0L;
        Coherence.Subscribe(new Witness(() => provenWhenTold = Coherence.ProvenUntil));

        await _server.SayAsync(ScriptedServer.Invalidate("p:1", "p:2") + "+PONG\r\n");

        await Eventually.HoldsAsync("renewal", () => Coherence.ProvenUntil == sent + Lease.Ticks);
        Assert.Equal(["p:1", "p:2"], _heard.Keys);
        Assert.True(provenWhenTold < sent + Lease.Ticks);
    }

    [Theory]
    [InlineData("-BUSY a script is running\r\n")]
    [InlineData("-LOADING\r\n")]
    public async Task Lease_ServerThatCannotServe_IsNotRenewed(string refusal)
    {
        await StartAsync();
        _server.Answers["PING"] = refusal;
        await NextBeatAsync();
        await _server.ReceivedAsync("PING", 2);
        await BeatsAsync(4);

        Assert.True(Coherence.ProvenUntil <= _time.GetTimestamp());
        Assert.Equal(1, Proofs);

        _server.Answers.Clear();
        await BeatsAsync(1);
        await Eventually.HoldsAsync("renewal", () => Coherence.ProvenUntil > _time.GetTimestamp());
        Assert.Equal(1, Proofs);
    }

    [Fact]
    public async Task Loss_ConnectionClosed_UnprovesAtOnceAndRaisesTheProof()
    {
        await StartAsync();
        _server.Answers["CLIENT TRACKING"] = "";

        _server.Drop();
        await Eventually.HoldsAsync("loss", () => Coherence.ProvenUntil == long.MinValue);
        Assert.Equal(1, Proofs);

        await Eventually.HoldsAsync("another attempt", () => Step(_server.Count("CLIENT TRACKING") >= 2));
        Assert.Equal(1, Proofs); // not before tracking is on again
        _server.Answers.Clear();
        await _server.SayAsync("+OK\r\n");
        await Eventually.HoldsAsync("proof", () => Proofs == 2 && Coherence.ProvenUntil > _time.GetTimestamp());
    }

    [Fact]
    public async Task Loss_SilentServer_IsGivenUpAndReplaced()
    {
        await StartAsync();
        _server.Answers["PING"] = "";
        await NextBeatAsync();
        await _server.ReceivedAsync("PING", 2);
        _time.Advance(Lease);
        Assert.True(Coherence.ProvenUntil <= _time.GetTimestamp());

        _time.Advance(Lease);
        _server.Answers.Clear();
        await Eventually.HoldsAsync("a new connection", () => Step(Proofs == 2));
    }

    [Theory]
    [InlineData(">2\r\n+invalidate\r\n_\r\n", 1)]
    [InlineData(">2\r\n+something\r\n+else\r\n", 0)]
    public async Task Push_NullInvalidation_IsAFlush(string push, int flushes)
    {
        await StartAsync();

        await _server.SayAsync(push + ScriptedServer.Invalidate("p:after"));

        await Eventually.HoldsAsync("the push behind it", () => _heard.Keys.Contains("p:after"));
        Assert.Equal(flushes, _heard.Flushes);
    }

    [Theory]
    [InlineData("HELLO", "-ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' 'default' 'the-password'\r\n")]
    [InlineData("HELLO", "-NOPROTO unsupported protocol version\r\n")]
    [InlineData("CLIENT TRACKING", "-NOPERM User has no permissions to run the 'client|tracking' command\r\n")]
    public async Task Auto_TrackingRefused_GoesOnByPubSubAndSaysSoOnce(string command, string refusal)
    {
        _server.Answers[command] = refusal;

        await StartAsync();
        await _server.SayAsync("*3\r\n$7\r\nmessage\r\n$16\r\ncache-changes:p:\r\n$3\r\np:1\r\n");
        await Eventually.HoldsAsync("message", () => _heard.Keys.Contains("p:1"));
        _server.Drop();
        await Eventually.HoldsAsync("proof", () => Step(Proofs == 2));

        Assert.Single(_log.Lines, line => line.Message.Contains("refuses tracking", StringComparison.Ordinal));
        Assert.Contains("Coherence by pub/sub is in force", _log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("the-password", _log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-WRONGPASS invalid username-password pair\r\n")]
    [InlineData("-LOADING loading the dataset in memory\r\n")]
    public async Task Auto_PassingError_IsNoRefusal(string error)
    {
        _server.Answers["HELLO"] = error;
        Start();
        await Eventually.HoldsAsync("attempts", () => Step(_server.Count("HELLO") >= 3));
        Assert.Equal(0, Proofs);

        _server.Answers.Clear();
        await Eventually.HoldsAsync("proof", () => Step(Proofs == 1));
        Assert.DoesNotContain("refuses", _log.Text, StringComparison.Ordinal);
        Assert.Equal(0, _server.Count("SUBSCRIBE"));
    }

    [Fact]
    public async Task TrackingOnly_Refused_StaysUnproven()
    {
        _server.Answers["CLIENT TRACKING"] = "-NOPERM no\r\n";
        Start(new CoherenceOptions { Mode = CoherenceMode.Tracking, Lease = Lease });

        await Eventually.HoldsAsync("attempts", () => Step(_server.Count("CLIENT TRACKING") >= 3));

        Assert.Equal(0, Proofs);
        Assert.Single(_log.Lines, line => line.Message.Contains("CLIENT TRACKING was refused (NOPERM)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PubSub_ForeignOrOversizedMessage_IsIgnored()
    {
        await StartAsync(options: new CoherenceOptions { Mode = CoherenceMode.PubSub, Lease = Lease });
        var oversized = "p:" + new string('x', 20_000);

        foreach (var key in new[] { "other:1", "", oversized, "p:last" })
            await _server.SayAsync($"*3\r\n$7\r\nmessage\r\n$16\r\ncache-changes:p:\r\n${key.Length}\r\n{key}\r\n");

        await Eventually.HoldsAsync("the last one", () => _heard.Keys.Contains("p:last"));
        Assert.Equal(["p:last"], _heard.Keys);
        Assert.Equal(0, _server.Count("HELLO"));
    }

    [Fact]
    public async Task Heartbeat_PrimaryThatBecameAReplica_EndsTheSession()
    {
        await StartAsync();
        _server.Role = "slave";

        await Eventually.HoldsAsync("loss", () => Step(Coherence.ProvenUntil == long.MinValue));
        var attempts = _server.Count("HELLO");
        await Eventually.HoldsAsync("attempts", () => Step(_server.Count("HELLO") > attempts));
        Assert.Equal(1, Proofs);

        _server.Role = "master";
        await Eventually.HoldsAsync("proof", () => Step(Proofs == 2));
    }

    [Fact]
    public async Task SingleWithSeveralAddresses_FirstIsAReplica_TheNextIsAsked()
    {
        await using var replica = new ScriptedServer { Role = "slave" };
        Start(valkey: replica.Options(_server));

        await Eventually.HoldsAsync("proof", () => Step(Proofs == 1));

        Assert.Equal(0, replica.Count("CLIENT TRACKING"));
        Assert.Equal(1, _server.Count("CLIENT TRACKING"));
    }

    [Fact]
    public async Task Cluster_OnePrimarySilent_NothingIsProven()
    {
        await using var second = new ScriptedServer();
        Slots(_server, _server, second);
        Slots(second, _server, second);
        var valkey = _server.Options();
        valkey.Mode = ValkeyMode.Cluster;
        Start(valkey: valkey);
        await Eventually.HoldsAsync("proof", () => Proofs == 1 && _server.Count("PING") >= 1 && second.Count("PING") >= 1);
        for (var i = 0; i < 6; i++)
        {
            await BeatsAsync(1);
            await Eventually.HoldsAsync("renewal by both", () => Coherence.ProvenUntil > _time.GetTimestamp());
        }

        Assert.Equal(1, Proofs);

        second.Answers["PING"] = "";
        await BeatsAsync(4);

        Assert.True(Coherence.ProvenUntil <= _time.GetTimestamp());
    }

    [Fact]
    public async Task Cluster_NewPrimary_IsListenedToAsWell()
    {
        await using var second = new ScriptedServer();
        Slots(_server, _server);
        Slots(second, _server, second);
        var valkey = _server.Options();
        valkey.Mode = ValkeyMode.Cluster;
        Start(valkey: valkey);
        await Eventually.HoldsAsync("proof", () => Proofs == 1);
        Assert.Equal(0, second.Count("CLIENT TRACKING"));

        Slots(_server, _server, second);

        await Eventually.HoldsAsync("proof over both", () => Step(Proofs == 2 && second.Count("CLIENT TRACKING") == 1));
    }

    private static void Slots(ScriptedServer asked, params ScriptedServer[] primaries) =>
        asked.Answers["CLUSTER SLOTS"] = $"*{primaries.Length}\r\n" + string.Concat(primaries.Select(
            (server, i) => $"*3\r\n:{i}\r\n:{i}\r\n*3\r\n+\r\n:{server.Address.Split(':')[1]}\r\n+id{i}\r\n"));

    private void Start(CoherenceOptions? options = null, ValkeyOptions? valkey = null, string[]? prefixes = null)
    {
        _coherence = new ChannelCoherence(
            valkey ?? _server.Options(), options ?? new CoherenceOptions { Lease = Lease }, prefixes ?? ["p:"], announcer: null, _time, _log.CreateLogger<ChannelCoherence>());
        _coherence.Subscribe(_heard);
        _coherence.Start();
    }

    private async Task StartAsync(CoherenceOptions? options = null, string[]? prefixes = null)
    {
        Start(options, prefixes: prefixes);
        await Eventually.HoldsAsync("proof", () => Proofs == 1);
        await _server.ReceivedAsync("PING");
    }

    /// <summary>Waits for the heart's rest, and ends it.</summary>
    private async Task NextBeatAsync()
    {
        await _time.WaitForTimersAsync();
        _time.Advance(Lease / 3);
    }

    private async Task BeatsAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var pings = _server.Count("PING");
            await NextBeatAsync();
            await Eventually.HoldsAsync("a beat", () => Step(_server.Count("PING") > pings));
        }
    }

    /// <summary>
    /// Lets a little time pass unless it holds already: pauses between attempts end. No faster than real time while a
    /// heartbeat is on its way, because the sockets are real.
    /// </summary>
    private bool Step(bool holds)
    {
        if (!holds)
            _time.Advance(TimeSpan.FromMilliseconds(_time.IsTiming(Lease * 2) ? 10 : 100));
        return holds;
    }

    private sealed class Witness(Action told) : ICoherenceListener
    {
        public void OnChanged(string valueKey) => told();

        public void OnFlushed() => told();
    }
}
