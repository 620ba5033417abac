using System.Collections.Concurrent;
using Cache.Core.Tiered;

namespace Cache.Core.Benchmarks.Scenes;

/// <summary>100 000 keys, each with an object of its own, asked for in one random order.</summary>
internal sealed class ManyKeysScene
{
    /// <summary>How many keys there are, and how many look-ups make a round.</summary>
    public const int Keys = 100_000;

    private readonly ConcurrentDictionary<string, object> _dictionary = new(StringComparer.Ordinal);
    private readonly TieredCache _tiered = new(new TieredCacheOptions { L1Capacity = Keys * 2 });
    private readonly string[] _order;

    public ManyKeysScene()
    {
        for (var n = 0; n < Keys; n++)
        {
            var value = new object();
            var key = BenchmarkKeys.Numbered(n);
            _dictionary[key] = value;
            _tiered.SetAsync(key, value, TimeSpan.FromHours(1)).AsTask().GetAwaiter().GetResult();
        }

        _order = Enumerable.Range(0, Keys).Select(BenchmarkKeys.Numbered).ToArray();
        new Random(11).Shuffle(_order);
    }

    public void Dictionary(int operations)
    {
        for (var n = 0; n < operations; n++)
        {
            if (!_dictionary.TryGetValue(_order[n], out _))
                throw new InvalidOperationException("Not a hit.");
        }
    }

    public void L1Hit(int operations)
    {
        for (var n = 0; n < operations; n++)
        {
            var lookup = _tiered.GetOrFetchAsync<ManyKeysScene, object>(
                _order[n], this, static (_, _) => throw new InvalidOperationException("A hit does not fetch."));
            if (!lookup.IsCompletedSuccessfully || lookup.Result.Value is null)
                throw new InvalidOperationException("Not a hit.");
        }
    }
}
