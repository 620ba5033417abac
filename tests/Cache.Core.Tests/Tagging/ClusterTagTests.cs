using System.Text.Json;
using Cache.Core.Formats;
using Cache.Core.Tests.Valkey;
using Cache.Core.Tiered;
using Cache.Core.Valkey;

namespace Cache.Core.Tests.Tagging;

/// <summary>Tags on a real cluster, each on a primary of its own.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ClusterTagTests : IAsyncLifetime
{
    private readonly ClusterFixture _cluster;
    private readonly ValkeyClients _clients;
    private readonly string _prefix = $"t{Guid.NewGuid():N}:";

    public ClusterTagTests(ClusterFixture cluster)
    {
        _cluster = cluster;
        _clients = new ValkeyClients(new ValkeyOptions
        {
            Addresses = cluster.Addresses,
            Mode = ValkeyMode.Cluster,
            Password = ClusterFixture.Password,
            DialTimeout = TimeSpan.FromSeconds(10),
            ReadTimeout = TimeSpan.FromSeconds(10),
            WriteTimeout = TimeSpan.FromSeconds(10),
        });
    }

    public async Task InitializeAsync()
    {
        await _cluster.IsWellAsync();
        await _clients.DirectAsync(_prefix);
    }

    public async Task DisposeAsync() => await _clients.DisposeAsync();

    [Fact]
    public async Task RemoveByTags_OfTagsThatTheFetchDecides_RemovesWhatCarriesAll_InEveryPod()
    {
        var pod = Pod();
        for (var n = 0; n < 20; n++)
        {
            var tags = new[] { "all", $"third-{n % 3}", $"own-{n}" };
            await pod.GetOrFetchAsync($"k{n}", tags, static (tags, _) => ValueTask.FromResult(FetchResult<string>.Found("v", options: new CacheEntryOptions { Tags = tags })));
        }

        await Pod().RemoveByTagsAsync(["all", "third-1"]);
        await Pod().RemoveByTagAsync("own-0");

        for (var n = 0; n < 20; n++)
        {
            var isGone = n % 3 == 1 || n == 0;
            Assert.Equal(!isGone, (await Pod().GetAsync<string>($"k{n}")).IsHit);
            Assert.Equal(!isGone, (await pod.TryGetAsync<string>($"k{n}", new CacheEntryOptions { Skip = CacheSteps.ReadL1 })) is not null);
        }
    }

    private TieredCache Pod() =>
        new(new TieredCacheOptions { Jitter = 0 }, new ValkeyConfigCache(_clients.Client, _prefix, new EnvelopeFormat(new JsonSerializers(JsonSerializerOptions.Web))));
}
