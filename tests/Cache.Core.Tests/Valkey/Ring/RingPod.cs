using System.Text.Json;
using Cache.Core.Coherence;
using Cache.Core.Formats;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Cache.Core.Valkey.Ring;
using Microsoft.Extensions.Logging.Abstractions;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey.Ring;

/// <summary>A process on the ring: its nodes, its channel and a cache over them.</summary>
internal sealed class RingPod : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public RingPod(RingFixture ring, string prefix, bool isCoherent = true)
    {
        Nodes = new RingNodes(ring.Options(), NullLoggerFactory.Instance, TimeProvider.System);
        Client = new RingClient(Nodes);
        PubSub = new RingPubSub(Nodes, NullLogger<RingPubSub>.Instance);
        Nodes.Open();
        if (isCoherent)
        {
            Channel = new ChannelCoherence(
                Nodes.Options,
                new CoherenceOptions { Lease = TimeSpan.FromSeconds(20) },
                [prefix],
                PubSub,
                TimeProvider.System,
                NullLogger<ChannelCoherence>.Instance,
                Nodes.UsedAsync,
                Nodes.Concerns);
            Nodes.Changed += Channel.Reset;
            Channel.Start();
        }

        Cache = new TieredCache(new TieredCacheOptions { Jitter = 0, KeyPrefix = prefix, DeniedRecheck = TimeSpan.FromMinutes(5) }, new ValkeyConfigCache(Client, prefix, new EnvelopeFormat(new JsonSerializers(JsonSerializerOptions.Web))), coherence: Channel);
    }

    public RingNodes Nodes { get; }

    public RingClient Client { get; }

    public RingPubSub PubSub { get; }

    public ChannelCoherence? Channel { get; }

    public TieredCache Cache { get; }

    /// <summary>Waits until so many nodes are used, and the channel hears all of them.</summary>
    public Task UsesAsync(int nodes) => Eventually.HoldsAsync(
        $"{nodes} nodes", () => Nodes.Used.Count() == nodes && (Channel is null || Channel.ProvenUntil > TimeProvider.System.GetTimestamp()), Limit);

    public Task<CacheLookup<string>> LookAsync(Source source, string key) => source.LookupAsync(Cache, key).AsTask();

    public async ValueTask DisposeAsync()
    {
        await Cache.DisposeAsync();
        if (Channel is not null)
            await Channel.DisposeAsync();
        PubSub.Dispose();
        await Nodes.DisposeAsync();
    }
}
