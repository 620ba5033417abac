using System.Globalization;
using Cache.Core.Coherence;
using Cache.Core.Valkey;
using Microsoft.Extensions.Logging.Abstractions;
using TenantPlatform.Hosting.Servers;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Coherence;

/// <summary>The channel against a real cluster of three primaries.</summary>
public sealed class ClusterCoherenceTests(ValkeyFixture valkey) : IClassFixture<ValkeyFixture>, IAsyncLifetime
{
    private const string Password = "cluster-password";
    private readonly List<ValkeyServer> _servers = [];

    public async Task InitializeAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            _servers.Add(await ValkeyServer.StartAsync(new ValkeyServerOptions
            {
                Binary = valkey.Server.Binary,
                Password = Password,
                Configuration =
                [
                    "cluster-enabled yes",
                    string.Create(CultureInfo.InvariantCulture, $"cluster-port {FreePort.Next()}"),
                    "cluster-node-timeout 1000",
                    "cluster-require-full-coverage no",
                ],
            }));
            await _servers[i].ExecuteAsync(["CLUSTER", "ADDSLOTSRANGE", $"{i * 5462}", $"{Math.Min(16383, ((i + 1) * 5462) - 1)}"]);
        }

        foreach (var other in _servers.Skip(1))
        {
            var bus = (string)(await other.ExecuteAsync(["CONFIG", "GET", "cluster-port"]) as IReadOnlyList<object?>)![1]!;
            await _servers[0].ExecuteAsync(["CLUSTER", "MEET", "127.0.0.1", $"{other.Port}", bus]);
        }

        foreach (var server in _servers)
        {
            await Eventually.BecomesAsync(
                "the cluster", async () => (string?)await server.ExecuteAsync(["CLUSTER", "INFO"]),
                info => info!.Contains("cluster_state:ok", StringComparison.Ordinal) && info.Contains("cluster_slots_ok:16384", StringComparison.Ordinal));
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
    }

    [Fact]
    public async Task Tracking_KeysOfAllPrimaries_AreToldAndOneLossUnprovesAll()
    {
        var heard = new Heard();
        await using var coherence = new ChannelCoherence(
            new ValkeyOptions { Addresses = [$"127.0.0.1:{_servers[0].Port}"], Mode = ValkeyMode.Cluster, Password = Password, DialTimeout = TimeSpan.FromSeconds(10) },
            new CoherenceOptions { Lease = TimeSpan.FromSeconds(30) },
            ["p:"],
            announcer: null,
            TimeProvider.System,
            NullLogger<ChannelCoherence>.Instance);
        coherence.Subscribe(heard);
        coherence.Start();
        await Eventually.HoldsAsync("proof", () => coherence.ProvenUntil > TimeProvider.System.GetTimestamp());

        // 0 to 9 fall into slots of all three.
        var primaries = new HashSet<int>();
        for (var i = 0; i < 10; i++)
        {
            foreach (var server in _servers)
            {
                try
                {
                    await server.ExecuteAsync(["SET", $"p:{i}", "x"]);
                    primaries.Add(server.Port);
                }
                catch (InvalidOperationException moved) when (moved.Message.Contains("MOVED", StringComparison.Ordinal))
                {
                    // Another one's slot.
                }
            }
        }

        Assert.Equal(3, primaries.Count);
        await Eventually.HoldsAsync("all keys", () => Enumerable.Range(0, 10).All(i => heard.Keys.Contains($"p:{i}")));

        await _servers[2].KillAsync();
        await Eventually.HoldsAsync("loss", () => coherence.ProvenUntil <= TimeProvider.System.GetTimestamp());
        await _servers[2].StartAsync();
        await Eventually.HoldsAsync("proof again", () => coherence.ProvenUntil > TimeProvider.System.GetTimestamp());
    }
}
