using System.Collections.Concurrent;
using Cache.Core.Tiered;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Many;

/// <summary>A source of many keys whose answers a test decides, holds and counts. It knows every key, by its own name as value.</summary>
internal sealed class ManySource
{
    private readonly ConcurrentQueue<string[]> _calls = new();
    private readonly ConcurrentDictionary<string, int> _fetched = new(StringComparer.Ordinal);

    /// <summary>The keys of each call, in their order.</summary>
    public IReadOnlyList<string[]> Calls => [.. _calls];

    /// <summary>Before a call answers.</summary>
    public Func<ManyFetch<string>, CancellationToken, Task> Before { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>What a key's answer is.</summary>
    public Func<string, FetchResult<string>> Answer { get; set; } = static key => FetchResult<string>.Found(key);

    /// <summary>How often a key was fetched, by whatever call.</summary>
    public int Fetched(string key) => _fetched.GetValueOrDefault(key);

    public IReadOnlyList<string> FetchedTwice() => [.. _fetched.Where(static key => key.Value > 1).Select(static key => key.Key)];

    public async Task<IReadOnlyList<ManyLookup<string>>> LookUpAsync(
        TieredCache cache, IReadOnlyList<string> keys, CacheEntryOptions? options = null, CancellationToken cancellationToken = default) =>
        await cache.GetOrFetchManyAsync<ManySource, string>(keys, this, static (source, many, stop) => source.AskAsync(many, stop), options, cancellationToken);

    public async Task<CacheLookup<string>> LookUpAsync(TieredCache cache, string key) =>
        await cache.GetOrFetchAsync(key, (Source: this, key), static async (ask, stop) =>
        {
            ask.Source.Count([ask.key]);
            await Task.Yield();
            stop.ThrowIfCancellationRequested();
            return ask.Source.Answer(ask.key);
        });

    /// <summary>Holds the next calls until the gate is opened.</summary>
    public Gate Hold()
    {
        var gate = new Gate();
        Before = async (_, stop) => await gate.PassAsync(stop);
        return gate;
    }

    private async ValueTask AskAsync(ManyFetch<string> many, CancellationToken cancellationToken)
    {
        Count([.. many.Keys]);
        await Before(many, cancellationToken);
        foreach (var key in many.Keys)
            many.Answer(key, Answer(key));
    }

    private void Count(string[] keys)
    {
        _calls.Enqueue(keys);
        foreach (var key in keys)
            _fetched.AddOrUpdate(key, 1, static (_, count) => count + 1);
    }
}
