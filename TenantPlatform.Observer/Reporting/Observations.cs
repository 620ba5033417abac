using System.Collections.Concurrent;
using TenantPlatform.Observer.Pods;
using TenantPlatform.Observer.Watching;

namespace TenantPlatform.Observer.Reporting;

/// <summary>What has been observed since the start, as metrics and as a summary. Safe for concurrent use.</summary>
internal sealed class Observations
{
    private const int MostDurations = 1000;

    private readonly ObserverMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _since;
    private readonly ConcurrentDictionary<(string Pod, Change Change), byte> _stale = new();
    private readonly ConcurrentDictionary<string, long> _changes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Pod, Verdict Verdict), long> _answers = new();
    private readonly ConcurrentQueue<double> _durations = new();
    private long _sweeps;

    public Observations(ObserverMetrics metrics, TimeProvider time)
    {
        (_metrics, _time, _since) = (metrics, time, time.GetUtcNow());
        metrics.Show(() => StalePods, () => Oldest);
    }

    private int StalePods => _stale.Keys.Select(stale => stale.Pod).Distinct(StringComparer.Ordinal).Count();

    private TimeSpan Oldest => _stale.Keys.Select(stale => _time.GetUtcNow() - stale.Change.At).DefaultIfEmpty().Max();

    public void Swept(bool succeeded)
    {
        if (succeeded)
            Interlocked.Increment(ref _sweeps);
        _metrics.Swept(succeeded);
    }

    public void Watched() => Found("watched", 1);

    public void Skipped(int count) => Found("skipped", count);

    public void Dropped() => Found("dropped", 1);

    public void Answered(Pod pod, Verdict verdict, TimeSpan age)
    {
        _answers.AddOrUpdate((pod.Name, verdict), 1, static (_, count) => count + 1);
        _metrics.Answered(pod.Name, verdict.Name());
        if (verdict.IsStale())
            _metrics.Stale(pod.Name, verdict.Name(), age);
    }

    public void IsStale(Pod pod, Change change) => _stale[(pod.Name, change)] = 0;

    public void Agreed(Pod pod, Change change, TimeSpan age) => End(pod, change, age, agreed: true);

    /// <summary>The pod is no longer asked about this change, stale though it is: what it lasted is at least this.</summary>
    public void GaveUp(Pod pod, Change change, TimeSpan age) => End(pod, change, age, agreed: false);

    public ObservationSummary Summarize()
    {
        var durations = _durations.Order().ToArray();
        return new ObservationSummary(
            _since,
            Interlocked.Read(ref _sweeps),
            new Dictionary<string, long>(_changes, StringComparer.Ordinal),
            _answers.GroupBy(answer => answer.Key.Pod, StringComparer.Ordinal).ToDictionary(
                group => group.Key, group => group.ToDictionary(answer => answer.Key.Verdict.Name(), answer => answer.Value, StringComparer.Ordinal), StringComparer.Ordinal),
            new StaleSummary(durations.Length, At(durations, 0.5), At(durations, 0.99), durations.LastOrDefault(), StalePods, Oldest.TotalSeconds));
    }

    private void Found(string fate, int count)
    {
        if (count == 0)
            return;
        _changes.AddOrUpdate(fate, static (_, more) => more, static (_, sum, more) => sum + more, (long)count);
        _metrics.Found(fate, count);
    }

    private void End(Pod pod, Change change, TimeSpan age, bool agreed)
    {
        _stale.TryRemove((pod.Name, change), out _);
        _metrics.Ended(pod.Name, agreed, age);
        _durations.Enqueue(age.TotalSeconds);
        while (_durations.Count > MostDurations)
            _durations.TryDequeue(out _);
    }

    private static double At(double[] ordered, double share) => ordered.Length == 0 ? 0 : ordered[(int)Math.Ceiling(share * ordered.Length) - 1];
}
