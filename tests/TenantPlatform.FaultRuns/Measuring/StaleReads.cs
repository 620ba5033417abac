using System.Diagnostics;

namespace TenantPlatform.FaultRuns.Measuring;

/// <summary>Finds the reads that returned what had been replaced before they began, and how long before.</summary>
internal static class StaleReads
{
    public static IReadOnlyList<TimeSpan> Find(IEnumerable<SeenVersion> reads, IReadOnlyList<Acknowledged> changes, int keys)
    {
        // A version may be acknowledged after its successor: what counts is when anything newer was known first.
        var newerSince = new long[keys][];
        foreach (var group in changes.GroupBy(change => change.Key))
        {
            var since = newerSince[group.Key] = new long[group.Max(change => change.Version) + 1];
            Array.Fill(since, long.MaxValue);
            foreach (var change in group)
                since[change.Version] = change.At;
            for (var version = since.Length - 2; version >= 0; version--)
                since[version] = Math.Min(since[version], since[version + 1]);
        }

        var stale = new List<TimeSpan>();
        foreach (var read in reads)
        {
            var since = newerSince[read.Key];
            if (read.Version + 1 < since.Length && since[read.Version + 1] < read.Began)
                stale.Add(Stopwatch.GetElapsedTime(since[read.Version + 1], read.Began));
        }

        return stale;
    }
}
