namespace TenantManager.Console.Cache;

/// <summary>Hit rates of the last half hour, from counters that only grow: what they grew by, and nothing over a restart. Safe for concurrent use.</summary>
internal sealed class CacheHistory
{
    private const int Most = 360;
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Service, string Tier), (TierSample Last, Queue<HitRate> Points)> _series = [];

    public void Add(DateTimeOffset at, IEnumerable<TierSample> samples)
    {
        lock (_lock)
        {
            foreach (var sample in samples)
            {
                var name = (sample.Service, sample.Tier);
                if (!_series.TryGetValue(name, out var series))
                {
                    _series[name] = (sample, new Queue<HitRate>());
                    continue;
                }

                var (all, found) = (sample.All - series.Last.All, sample.Found - series.Last.Found);

                // A pod has gone or come back: its counts are not in the sum any more, or begin anew.
                double? rate = all > 0 && found >= 0 && found <= all ? found / (double)all : null;
                series.Points.Enqueue(new HitRate(at, rate));
                if (series.Points.Count > Most)
                    series.Points.Dequeue();
                _series[name] = series with { Last = sample };
            }
        }
    }

    public IReadOnlyList<HitRateSeries> Read()
    {
        lock (_lock)
        {
            return
            [
                .. _series.Where(static one => one.Value.Points.Count > 0)
                    .OrderBy(static one => one.Key.Service, StringComparer.Ordinal).ThenBy(static one => one.Key.Tier, StringComparer.Ordinal)
                    .Select(static one => new HitRateSeries(one.Key.Service, one.Key.Tier, [.. one.Value.Points])),
            ];
        }
    }
}
