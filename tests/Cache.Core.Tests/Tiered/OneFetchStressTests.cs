using System.Globalization;
using Cache.Core.Tiered;
using Xunit.Abstractions;

namespace Cache.Core.Tests.Tiered;

/// <summary>
/// OneFetch in one process, hard: a fresh key a round, many callers at once, a source that answers at once or a moment later, and
/// neighbours that fill, write, invalidate, are denied and evicted beside it. <c>CACHE_STRESS_ROUNDS</c> makes it longer.
/// </summary>
public sealed class OneFetchStressTests(ITestOutputHelper output)
{
    private const int Callers = 64;
    private const int NeighbourKeys = 3000;

    private static readonly int Rounds =
        int.TryParse(Environment.GetEnvironmentVariable("CACHE_STRESS_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) ? rounds : 60;

    /// <summary>What the neighbours do meanwhile.</summary>
    public enum Beside
    {
        /// <summary>Nothing.</summary>
        Nothing,

        /// <summary>New keys, without end: the table grows.</summary>
        Growth,

        /// <summary>Few keys: written, invalidated, denied, not found, read. Epochs move all the time.</summary>
        Changes,

        /// <summary>More keys than there is room for.</summary>
        Eviction,
    }

    [Theory]
    [InlineData(Beside.Nothing)]
    [InlineData(Beside.Growth)]
    [InlineData(Beside.Changes)]
    [InlineData(Beside.Eviction)]
    public async Task OneFetch_UnderStress_NoKeyIsFetchedTwice(Beside beside)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}, {Rounds} rounds");
        var failures = new List<string>();
        var again = 0;
        var cache = NewCache(beside);
        var noise = StartNoise(cache, beside, seed);
        for (var round = 0; round < Rounds; round++)
        {
            if (beside == Beside.Growth && round % 20 == 19)
            {
                // From a small table again.
                await noise.StopAsync();
                cache = NewCache(beside);
                noise = StartNoise(cache, beside, seed + round);
            }

            var key = $"key-{round}";
            var asked = new Asked(key, new Random(seed ^ round).Next(4));
            var callers = Enumerable.Range(0, Callers).Select(_ => Task.Run(async () => (await cache.GetOrFetchAsync(key, asked, static (asked, _) => asked.FetchAsync())).Value));
            var answers = await Task.WhenAll(callers);
            if (answers.Any(answer => answer != key))
                failures.Add($"round {round}: a caller got {answers.First(answer => answer != key)}");

            // Neighbours that change as often as it takes while the key is loading count as a change of its own: see EpochTable.
            if (beside == Beside.Changes && asked.Count > 1)
                again++;
            else if (asked.Most > 1)
                failures.Add($"round {round}: {asked.Most} fetches at one time, {asked.Count} in all, pace {asked.Pace}");

            // What had to make room at once may be fetched again, one after another.
            else if (asked.Count > 1 && beside != Beside.Eviction)
                failures.Add($"round {round}: {asked.Count} fetches one after another, pace {asked.Pace}");
        }

        await noise.StopAsync();
        Assert.True(failures.Count == 0, $"Seed {seed}, {failures.Count} of {Rounds} rounds: {string.Join("; ", failures.Take(5))}");
        Assert.True(again <= Rounds / 10, $"Seed {seed}, {again} of {Rounds} keys were fetched again because of their neighbours.");
    }

    private static TieredCache NewCache(Beside beside) =>
        new(new TieredCacheOptions { L1Capacity = beside == Beside.Eviction ? 200 : 1_000_000, NegativeLifetime = TimeSpan.FromMilliseconds(1) });

    private static Noise StartNoise(TieredCache cache, Beside beside, int seed) =>
        new(beside == Beside.Nothing ? [] : [.. Enumerable.Range(1, 2).Select(worker => (Func<Func<bool>, Task>)(isOver => MakeNoiseAsync(cache, beside, new Random(seed + worker), isOver)))]);

    private static async Task MakeNoiseAsync(TieredCache cache, Beside beside, Random random, Func<bool> isOver)
    {
        for (var n = 0; !isOver(); n++)
        {
            // Not so many new ones that the memory of the machine is what is tested.
            var key = beside == Beside.Changes || n > 200_000
                ? $"neighbour-{random.Next(NeighbourKeys)}"
                : string.Create(CultureInfo.InvariantCulture, $"neighbour-{random.Next()}-{n}");
            switch (beside == Beside.Changes ? random.Next(5) : 5)
            {
                case 0:
                    await cache.SetAsync(key, key, TimeSpan.FromMinutes(1), CancellationToken.None);
                    break;
                case 1:
                    await cache.InvalidateAsync(key, CancellationToken.None);
                    break;
                case 2:
                    await cache.RefreshAsync(key, key, static (_, _) => ValueTask.FromResult(FetchResult<string>.Denied("suspended")), CancellationToken.None);
                    break;
                case 3:
                    await cache.RefreshAsync(key, key, static (_, _) => ValueTask.FromResult(FetchResult<string>.NotFound()), CancellationToken.None);
                    break;
                default:
                    await cache.GetOrFetchAsync(key, key, static (key, _) => ValueTask.FromResult(FetchResult<string>.Found(key)), CancellationToken.None);
                    break;
            }

            // The callers need the pool's threads as well.
            if (n % 16 == 0)
                await Task.Yield();
        }
    }

    private sealed class Noise
    {
        private readonly Task _workers;
        private volatile bool _isOver;

        public Noise(Func<Func<bool>, Task>[] workers) => _workers = Task.WhenAll(workers.Select(work => Task.Run(() => work(() => _isOver))));

        public Task StopAsync()
        {
            _isOver = true;
            return _workers;
        }
    }

    private sealed class Asked(string value, int pace)
    {
        private int _count;
        private int _present;
        private int _most;

        public int Pace => pace;

        public int Count => Volatile.Read(ref _count);

        public int Most => Volatile.Read(ref _most);

        public async ValueTask<FetchResult<string>> FetchAsync()
        {
            Interlocked.Increment(ref _count);
            var present = Interlocked.Increment(ref _present);
            if (present > Volatile.Read(ref _most))
                Volatile.Write(ref _most, present);
            if (pace == 1)
                await Task.Yield();
            else if (pace == 2)
                await Task.Run(static () => Thread.SpinWait(2000));
            else if (pace == 3)
                await Task.Delay(1);
            Interlocked.Decrement(ref _present);
            return FetchResult<string>.Found(value);
        }
    }
}
