namespace Cache.Core.Benchmarks.HitRates;

/// <summary>What nobody can do better (Belady 1966): evicts what is asked for last again. It must know what will be asked for.</summary>
internal static class Optimum
{
    /// <summary>The share of requests that hit.</summary>
    public static double Of(int capacity, int[] requests)
    {
        var keys = requests.Max() + 1;
        var next = new int[requests.Length];
        var seen = new int[keys];
        Array.Fill(seen, requests.Length);
        for (var n = requests.Length - 1; n >= 0; n--)
            (next[n], seen[requests[n]]) = (seen[requests[n]], n);

        // What has been asked for again meanwhile is in the queue more than once; only the last time counts.
        var queue = new PriorityQueue<int, int>();
        var due = new int[keys];
        Array.Fill(due, -1);
        var (count, hits) = (0, 0);
        for (var n = 0; n < requests.Length; n++)
        {
            var key = requests[n];
            if (due[key] >= 0)
            {
                hits++;
            }
            else if (count++ == capacity)
            {
                int victim, at;
                while (!queue.TryDequeue(out victim, out at) || due[victim] != -at)
                {
                }

                due[victim] = -1;
                count--;
            }

            due[key] = next[n];
            queue.Enqueue(key, -next[n]);
        }

        return hits / (double)requests.Length;
    }
}
