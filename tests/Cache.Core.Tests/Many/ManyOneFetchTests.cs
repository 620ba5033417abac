using Cache.Core.Tests.Valkey;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;
using Xunit.Abstractions;

namespace Cache.Core.Tests.Many;

/// <summary>OneFetch of many keys: over processes that share a real Valkey, and over calls that overlap in whatever order.</summary>
[Collection(ValkeyCollection.Name)]
public sealed class ManyOneFetchTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly string _prefix = ValkeyFixture.NewPrefix();
    private readonly ValkeyFixture _valkey;
    private readonly ITestOutputHelper _output;
    private readonly ValkeyClients[] _clients;
    private readonly TieredCache[] _processes;
    private readonly ManySource _source = new();

    public ManyOneFetchTests(ValkeyFixture valkey, ITestOutputHelper output)
    {
        (_valkey, _output) = (valkey, output);
        _clients = [.. Enumerable.Range(0, 3).Select(_ => new ValkeyClients(valkey))];
        _processes = [.. _clients.Select(clients => new TieredCache(new TieredCacheOptions { LeaseLifetime = TimeSpan.FromSeconds(60), Jitter = 0 }, new ValkeyConfigCache(clients.Client, _prefix)))];
    }

    public async Task InitializeAsync()
    {
        await _valkey.EnsureRunningAsync();
        foreach (var clients in _clients)
            await clients.DirectAsync(_prefix);
    }

    public async Task DisposeAsync()
    {
        foreach (var clients in _clients)
            await clients.DisposeAsync();
    }

    /// <summary>Each holds what the other waits for.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OneFetch_TwoCallsOfTheSameKeysInOppositeOrder_NeitherWaitsForEver(bool areProcesses)
    {
        var keys = Enumerable.Range(0, 50).Select(n => $"k{n}").ToArray();
        var gate = _source.Hold();

        // Each has a half of its own when the other comes.
        var one = _source.LookUpAsync(_processes[0], keys[..25]);
        var two = _source.LookUpAsync(_processes[areProcesses ? 1 : 0], keys[25..]);
        await gate.ReachedAsync();
        await Eventually.HoldsAsync("both halves are asked for", () => _source.Calls.Count == 2);
        var three = _source.LookUpAsync(_processes[0], keys);
        var four = _source.LookUpAsync(_processes[areProcesses ? 1 : 0], [.. keys.Reverse()]);
        gate.Open();

        foreach (var lookups in await Task.WhenAll(one, two, three, four).WaitAsync(Limit))
            Assert.All(lookups, lookup => Assert.Equal(lookup.Key, lookup.Lookup.Value));
        Assert.Equal(2, _source.Calls.Count);
        Assert.Empty(_source.FetchedTwice());
    }

    [Fact]
    public async Task OneFetch_SinglesAndManyOfTheSameKeys_FetchEachOnce()
    {
        var keys = Enumerable.Range(0, 30).Select(n => $"k{n}").ToArray();
        var calls = _processes.SelectMany(process => new[]
        {
            Task.Run(() => _source.LookUpAsync(process, keys)),
            Task.Run(() => _source.LookUpAsync(process, [.. keys.Reverse()])),
            Task.Run(async () => (IReadOnlyList<ManyLookup<string>>)[.. (await Task.WhenAll(keys.Select(key => _source.LookUpAsync(process, key)))).Select((lookup, n) => new ManyLookup<string>(keys[n], lookup))]),
        }).ToArray();

        foreach (var lookups in await Task.WhenAll(calls).WaitAsync(Limit))
            Assert.All(lookups, lookup => Assert.Equal(lookup.Key, lookup.Lookup.Value));
        Assert.Empty(_source.FetchedTwice());
    }

    [Fact]
    public async Task OneFetch_UnderStress_NoKeyIsFetchedTwice()
    {
        var seed = Environment.TickCount;
        _output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        _source.Before = async (many, _) =>
        {
            // Some are quick and some are not.
            if (many.Keys.Count % 3 == 0)
                await Task.Delay(1, CancellationToken.None);
        };
        for (var round = 0; round < 40; round++)
        {
            var keys = Enumerable.Range(0, 20).Select(n => $"{round}-{n}").ToArray();
            var calls = Enumerable.Range(0, 8).Select(_ =>
            {
                var process = _processes[random.Next(_processes.Length)];
                var some = keys.OrderBy(_ => random.Next()).Take(random.Next(1, keys.Length + 1)).ToArray();
                return Task.Run(() => some.Length == 1 ? Single(process, some[0]) : _source.LookUpAsync(process, some));
            }).ToArray();
            foreach (var lookups in await Task.WhenAll(calls).WaitAsync(Limit))
                Assert.All(lookups, lookup => Assert.Equal(lookup.Key, lookup.Lookup.Value));
            Assert.True(_source.FetchedTwice().Count == 0, $"Seed {seed}, round {round}: {string.Join(", ", _source.FetchedTwice())}");
        }

        async Task<IReadOnlyList<ManyLookup<string>>> Single(TieredCache process, string key) => [new ManyLookup<string>(key, await _source.LookUpAsync(process, key))];
    }

    [Fact]
    public async Task DeadLeader_OfSomeKeys_HoldsTheOthersUpNotAtAll_AndThoseForItsLease()
    {
        string[] keys = ["dead-1", "a", "dead-2", "b"];
        foreach (var key in keys.Where(static key => key.StartsWith("dead", StringComparison.Ordinal)))
            await _clients[0].Client.Fence.ReadAsync(_prefix + key, TimeSpan.FromMinutes(1), "dead", TimeSpan.FromMilliseconds(300));

        var lookups = await _source.LookUpAsync(_processes[1], keys).WaitAsync(Limit);

        Assert.Equal(keys, lookups.Select(lookup => lookup.Lookup.Value));
        Assert.Equal("a,b", string.Join(',', _source.Calls[0]));
    }

    [Fact]
    public async Task ScriptsThatTheServerHasForgotten_AreSentAgain()
    {
        await _source.LookUpAsync(_processes[0], ["first"]);
        await _valkey.ExecuteAsync("SCRIPT", "FLUSH");

        var keys = Enumerable.Range(0, 300).Select(n => $"k{n}").ToArray();
        Assert.All(await _source.LookUpAsync(_processes[0], keys), lookup => Assert.Equal(lookup.Key, lookup.Lookup.Value));
        Assert.All(await _source.LookUpAsync(_processes[1], keys), lookup => Assert.Equal((lookup.Key, CacheSource.L2), (lookup.Lookup.Value, lookup.Lookup.Source)));
        Assert.Equal(300, _source.Calls[1].Length);
    }
}
