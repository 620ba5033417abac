using System.Diagnostics;

namespace Cache.Core.Benchmarks.Ratios;

/// <summary>Measures two subjects in turns, so that whatever else the machine does falls on both.</summary>
internal static class Interleaved
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(700);

    /// <summary>Longer: there is more to compile, and the compiler waits for a moment in which the subject rests.</summary>
    private static readonly TimeSpan LongWarmUp = TimeSpan.FromSeconds(2);

    /// <summary>Compares synchronous subjects; each runs the number of operations that it is given.</summary>
    public static Comparison Compare(Action<int> subject, Action<int> baseline, int operations, int rounds, CancellationToken stop)
    {
        Warm(subject, operations, stop);
        Warm(baseline, operations, stop);
        Warm(subject, operations, stop);
        return Summarize(Enumerable.Range(0, rounds).Select(round =>
        {
            stop.ThrowIfCancellationRequested();

            // Who goes first changes: the first one finds the caches as the other one left them.
            var early = (round & 1) == 0 ? Measure(subject, operations) : default;
            var other = Measure(baseline, operations);
            return (Subject: (round & 1) == 0 ? early : Measure(subject, operations), Baseline: other);
        }).ToList());
    }

    /// <summary>Compares subjects that wait.</summary>
    public static async Task<Comparison> CompareAsync(Func<int, Task> subject, Func<int, Task> baseline, int operations, int rounds, CancellationToken stop)
    {
        await WarmAsync(subject, operations, stop);
        await WarmAsync(baseline, operations, stop);
        var samples = new List<(Sample, Sample)>();
        for (var round = 0; round < rounds; round++)
        {
            stop.ThrowIfCancellationRequested();
            var first = await MeasureAsync(subject, operations);
            samples.Add((first, await MeasureAsync(baseline, operations)));
        }

        return Summarize(samples);
    }

    /// <summary>The middle one.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    /// <summary>The medians of all rounds.</summary>
    public static Comparison Summarize(List<(Sample Subject, Sample Baseline)> samples) => new(
        Median(samples.Select(sample => sample.Subject.Nanoseconds / sample.Baseline.Nanoseconds)),
        Median(samples.Select(sample => sample.Subject)),
        Median(samples.Select(sample => sample.Baseline)));

    private static Sample Median(IEnumerable<Sample> samples)
    {
        var all = samples.ToList();
        return new Sample(Median(all.Select(sample => sample.Nanoseconds)), Median(all.Select(sample => sample.Bytes)));
    }

    private static Sample Measure(Action<int> run, int operations)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var began = Stopwatch.GetTimestamp();
        run(operations);
        var took = Stopwatch.GetElapsedTime(began);
        return new Sample(took.TotalNanoseconds / operations, (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)operations);
    }

    private static async Task<Sample> MeasureAsync(Func<int, Task> run, int operations)
    {
        var bytes = GC.GetTotalAllocatedBytes();
        var began = Stopwatch.GetTimestamp();
        await run(operations);
        var took = Stopwatch.GetElapsedTime(began);
        return new Sample(took.TotalNanoseconds / operations, (GC.GetTotalAllocatedBytes() - bytes) / (double)operations);
    }

    /// <summary>Many short calls first, so that the compiler replaces the whole method and not only its loop.</summary>
    private static void Warm(Action<int> run, int operations, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < WarmUp)
        {
            stop.ThrowIfCancellationRequested();
            run(Math.Max(1, operations / 10));
        }
    }

    private static async Task WarmAsync(Func<int, Task> run, int operations, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < LongWarmUp)
        {
            stop.ThrowIfCancellationRequested();
            await run(Math.Max(1, operations / 50));
        }
    }
}
