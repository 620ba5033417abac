namespace TenantPlatform.FaultRuns.Soak;

/// <summary>What is looked at in the samples of a soak, and how much each may grow.</summary>
internal static class Measures
{
    private const double Megabyte = 1_000_000;

    /// <summary>The share of a soak that a life must last: a process that faults end again and again is still filling when it goes.</summary>
    private const double JudgedShare = 0.5;

    /// <summary>Everything: of each process in its longest life, if that is long enough, and of the servers.</summary>
    public static IReadOnlyList<Measure> Of(IReadOnlyList<Sample> samples)
    {
        var measures = new List<Measure>();
        var brief = Brief(samples).Select(one => one.Resource).ToHashSet(StringComparer.Ordinal);
        foreach (var resource in Resources(samples).Where(resource => !brief.Contains(resource)))
        {
            var life = LongestLife(samples, resource);
            measures.Add(new(resource, "memory", Points(life, process => process.Private), Megabyte, "MB", Share: 0.1, Slack: 16));
            measures.Add(new(resource, "heap", Points(life, process => process.Heap), Megabyte, "MB", Share: 0.2, Slack: 16));
            measures.Add(new(resource, "handles", Points(life, process => process.Handles), 1, "", Share: 0.1, Slack: 20));
            measures.Add(new(resource, "sockets", Points(life, process => process.Sockets), 1, "", Share: 0.1, Slack: 20));
            measures.Add(new(resource, "threads", Points(life, process => process.Threads), 1, "", Share: 0.2, Slack: 10));
            measures.Add(new(resource, "queue", Points(life, process => process.Queue), 1, "", Share: 0, Slack: 10));
        }

        measures.Add(new("valkey", "memory", Points(samples, sample => sample.ValkeyMemory), Megabyte, "MB", Share: 0.1, Slack: 8));
        measures.Add(new("valkey", "keys", Points(samples, sample => sample.ValkeyKeys), 1, "", Share: 0.1, Slack: 1000));
        measures.Add(new("valkey", "connections", Points(samples, sample => sample.ValkeyClients), 1, "", Share: 0.1, Slack: 10));
        measures.Add(new("postgres", "sessions", Points(samples, sample => sample.Sessions), 1, "", Share: 0.1, Slack: 20));

        // What falls here grows there.
        measures.Add(new("all caches", "misses of L1", Points(samples, sample => 1 - sample.L1HitRate), 0.01, "%", Share: 0, Slack: 5));
        measures.Add(new("all caches", "misses of L2", Points(samples, sample => 1 - sample.L2HitRate), 0.01, "%", Share: 0, Slack: 5));
        return measures;
    }

    /// <summary>The resources none of whose processes lived long enough, and how long the longest did.</summary>
    public static IReadOnlyList<(string Resource, TimeSpan Longest)> Brief(IReadOnlyList<Sample> samples) =>
        [.. Resources(samples)
            .Select(resource => (Resource: resource, Longest: Length(LongestLife(samples, resource))))
            .Where(one => one.Longest < (samples[^1].At - samples[0].At) * JudgedShare)];

    /// <summary>How many processes a resource had.</summary>
    public static int Lives(IReadOnlyList<Sample> samples, string resource) =>
        samples.SelectMany(sample => sample.Processes).Where(process => process.Resource == resource).Select(process => process.Process).Distinct().Count();

    private static IEnumerable<string> Resources(IReadOnlyList<Sample> samples) =>
        samples.SelectMany(sample => sample.Processes).Select(process => process.Resource).Distinct(StringComparer.Ordinal);

    private static TimeSpan Length(List<(TimeSpan At, ProcessSample Process)> life) => life[^1].At - life[0].At;

    private static List<(TimeSpan At, ProcessSample Process)> LongestLife(IReadOnlyList<Sample> samples, string resource) =>
        [.. samples.SelectMany(sample => sample.Processes.Where(process => process.Resource == resource).Select(process => (sample.At, Process: process)))
            .GroupBy(point => point.Process.Process)
            .MaxBy(life => life.Count())!];

    private static List<(TimeSpan At, double Value)> Points(List<(TimeSpan At, ProcessSample Process)> life, Func<ProcessSample, double?> read) =>
        [.. life.Select(point => (point.At, Value: read(point.Process))).Where(point => point.Value is not null).Select(point => (point.At, point.Value!.Value))];

    private static List<(TimeSpan At, double Value)> Points(IReadOnlyList<Sample> samples, Func<Sample, double?> read) =>
        [.. samples.Select(sample => (sample.At, Value: read(sample))).Where(point => point.Value is not null).Select(point => (point.At, point.Value!.Value))];
}
