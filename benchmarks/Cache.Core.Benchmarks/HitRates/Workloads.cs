namespace Cache.Core.Benchmarks.HitRates;

/// <summary>Generated request sequences, the same for the same seed.</summary>
internal static class Workloads
{
    /// <summary>Keys asked for by popularity: the n-th most popular in proportion to 1/n^exponent.</summary>
    public static int[] Zipf(int keys, int requests, double exponent, int seed)
    {
        var draw = new ZipfDraw(keys, exponent, seed);
        return [.. Enumerable.Range(0, requests).Select(_ => draw.Next())];
    }

    /// <summary>Zipf over the first half of the keys, interrupted by scans over the second half: each key of a scan is asked for once.</summary>
    public static int[] ZipfWithScans(int keys, int requests, int seed)
    {
        var draw = new ZipfDraw(keys / 2, 0.9, seed);
        var scan = 0;
        return [.. Enumerable.Range(0, requests).Select(n =>
            n % 40_000 >= 28_000 ? (keys / 2) + (scan++ % (keys / 2)) : draw.Next())];
    }

    /// <summary>
    /// What published traces of web caches share: Zipf popularity that drifts (each thousand requests some keys change places
    /// with unpopular ones), a quarter of the requests for keys that are asked for once or twice, and bursts on new keys.
    /// </summary>
    public static int[] TraceLike(int keys, int requests, int seed)
    {
        var random = new Random(seed);
        var stable = keys * 6 / 10;
        var draw = new ZipfDraw(stable, 1.0, seed + 1);
        var places = Enumerable.Range(0, stable).ToArray();
        var burst = 0;
        var fresh = 0;
        var result = new int[requests];
        for (var n = 0; n < requests; n++)
        {
            if (n % 1000 == 0)
            {
                for (var swap = 0; swap < 5; swap++)
                {
                    var (one, other) = (draw.Next(), random.Next(stable));
                    (places[one], places[other]) = (places[other], places[one]);
                }

                burst = stable + random.Next(keys - stable);
            }

            result[n] = random.NextDouble() switch
            {
                < 0.22 => stable + (fresh++ % (keys - stable)),
                < 0.27 => burst,
                _ => places[draw.Next()],
            };
        }

        return result;
    }
}
