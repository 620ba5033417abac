using Cache.Core.Coherence;
using Cache.Core.Tests.Valkey;
using Cache.Core.Valkey;
using Microsoft.Extensions.Logging.Abstractions;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Coherence;

/// <summary>The channel against a real cluster of three primaries.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ClusterCoherenceTests(ClusterFixture cluster)
{
    [Fact]
    public async Task Tracking_KeysOfAllPrimaries_AreToldAndOneLossUnprovesAll()
    {
        await cluster.IsWellAsync();
        var heard = new Heard();
        await using var coherence = new ChannelCoherence(
            new ValkeyOptions { Addresses = [$"127.0.0.1:{cluster.Servers[0].Port}"], Mode = ValkeyMode.Cluster, Password = ClusterFixture.Password, DialTimeout = TimeSpan.FromSeconds(10) },
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
            foreach (var server in cluster.Servers)
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

        await cluster.Servers[2].KillAsync();
        await Eventually.HoldsAsync("loss", () => coherence.ProvenUntil <= TimeProvider.System.GetTimestamp());
        await cluster.Servers[2].StartAsync();
        await Eventually.HoldsAsync("proof again", () => coherence.ProvenUntil > TimeProvider.System.GetTimestamp());
    }
}
