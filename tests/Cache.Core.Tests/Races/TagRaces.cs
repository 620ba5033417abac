using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Cache.Core.Formats;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tests.Valkey;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;
using Xunit.Abstractions;

namespace Cache.Core.Tests.Races;

/// <summary>Removals by tags against fetches that decide their tags, over a real Valkey: nothing fetched before a removal is found after it.</summary>
[Collection(ValkeyCollection.Name)]
public sealed class TagRaces(ValkeyFixture valkey, ITestOutputHelper output) : IAsyncLifetime
{
    private const int Rounds = 60;
    private readonly string _prefix = ValkeyFixture.NewPrefix();
    private readonly List<ValkeyClients> _clients = [];

    public Task InitializeAsync() => valkey.EnsureRunningAsync();

    public async Task DisposeAsync()
    {
        foreach (var clients in _clients)
            await clients.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NoResurrection_TagsRemovedWhileManyFetchesDecideThem_NothingOlderIsFound(bool isTogether)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        TieredCache[] pods = [Pod(), Pod(), Pod()];
        var versions = new ConcurrentDictionary<string, long>();
        for (var round = 0; round < Rounds; round++)
        {
            // Few tags, known and unknown ones; each key carries two of them.
            string[] tags = [$"t{random.Next(4)}", $"u{(random.Next(3) == 0 ? round : random.Next(4))}"];
            var key = $"{tags[0]}-{tags[1]}";
            var (fetcher, remover) = (pods[random.Next(pods.Length)], pods[random.Next(pods.Length)]);
            var pause = random.Next(4);
            var fetching = Task.Run(() => LookUpAsync(fetcher, key, tags, versions, pause));
            var removing = Task.Run(async () =>
            {
                await Task.Yield();
                var changed = versions.AddOrUpdate(key, 1, static (_, version) => version + 1);
                if (isTogether)
                    await remover.RemoveByTagsAsync(tags);
                else
                    await remover.RemoveByTagAsync(tags[random.Next(2)]);
                return changed;
            });
            await Task.WhenAll(fetching, removing);

            // A process that has nothing in memory sees what L2 holds.
            foreach (var pod in new[] { Pod(), remover })
            {
                var found = await pod.GetAsync<string>(key);
                Assert.True(!found.IsHit || long.Parse(found.Value, CultureInfo.InvariantCulture) >= await removing, $"Seed {seed}, round {round}: {found.Value} of {key} is older than {await removing}.");
            }
        }
    }

    [Fact]
    public async Task NoResurrection_TagRemovedBetweenTheFetchAndItsStamp_IsAskedForAgain()
    {
        var source = new Source();
        var (one, two) = (Pod(), Pod());
        var gate = source.Hold(Found("old"));
        var slow = source.LookupAsync(one, "k").AsTask();
        await gate.ReachedAsync();

        await two.RemoveByTagAsync("red");
        source.Answer = _ => Task.FromResult(Found("new"));
        gate.Open();

        Assert.Equal(("new", 2), ((await slow).Value, source.Calls));
        Assert.Equal("new", (await Pod().GetAsync<string>("k")).Value);
    }

    private static FetchResult<string> Found(string value) => FetchResult<string>.Found(value, options: new CacheEntryOptions { Tags = ["red"] });

    private static async Task LookUpAsync(TieredCache pod, string key, string[] tags, ConcurrentDictionary<string, long> versions, int pause) =>
        await pod.GetOrFetchAsync(key, (key, tags, versions, pause), static async (ask, stop) =>
        {
            var version = ask.versions.GetValueOrDefault(ask.key);
            for (var n = 0; n < ask.pause; n++)
                await Task.Delay(1, stop);
            return FetchResult<string>.Found(version.ToString(CultureInfo.InvariantCulture), options: new CacheEntryOptions { Tags = ask.tags });
        });

    private TieredCache Pod()
    {
        if (_clients.Count < 4)
            _clients.Add(new ValkeyClients(valkey));
        var client = _clients[^1].Client;
        return new TieredCache(new TieredCacheOptions { Jitter = 0 }, new ValkeyConfigCache(client, _prefix, new EnvelopeFormat(new JsonSerializers(JsonSerializerOptions.Web))));
    }
}
