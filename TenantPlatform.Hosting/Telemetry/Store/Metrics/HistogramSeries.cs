namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>
/// A series of a histogram. Buckets are kept of the last point only: each point keeps the percentiles of what came since
/// the one before it.
/// </summary>
internal sealed class HistogramSeries(TagSet tags, int limit) : MetricSeries(tags)
{
    private readonly PointRing<StoredDistribution> _points = new(limit);

    // As of the last point kept, and as of the last point received: those within one second are not kept.
    private HistogramValue? _kept;
    private HistogramValue? _latest;

    public override long LastTime => _points.Count == 0 ? 0 : _points[_points.Count - 1].Time;

    public override int Count => _points.Count;

    public override long Bytes => _points.Bytes;

    public override bool Add(MetricPoint point, long time, bool isDelta, long? zeroAt)
    {
        if (point is not HistogramPoint { Value: var value } || (_points.Count > 0 && time < LastTime))
            return false;
        var total = isDelta && _latest is not null ? _latest.Plus(value) ?? value : value;
        _latest = total;
        if (_points.Count > 1 && IsSameSecond(time, LastTime))
            return true;
        var isFromZero = false;
        if (_points.Count == 0 && zeroAt < time)
        {
            _points.Add(new StoredDistribution(zeroAt.Value, 0, float.NaN, float.NaN, float.NaN));
            isFromZero = true;
        }

        // Without a state to compare with, the percentiles would be those of the sender's whole life.
        var recent = _kept is not null ? total.Since(_kept) ?? total : isFromZero || isDelta ? total : null;
        _points.Add(new StoredDistribution(time, total.Count, Percentile(recent, 0.5), Percentile(recent, 0.9), Percentile(recent, 0.99)));
        _kept = total;
        return true;
    }

    public override void Trim(long before)
    {
        var old = 0;
        while (old < _points.Count && _points[old].Time < before)
            old++;
        if (old > 0)
            _points.RemoveFirst(old);
    }

    public override SeriesData Read(Instrument instrument, long from)
    {
        var first = 0;
        while (first < _points.Count && _points[first].Time < from)
            first++;
        var second = Math.Max(1, first);
        return new SeriesData
        {
            Resource = instrument.Resource,
            Tags = Tags.Tags,
            Points = Select(second, index => Rate(_points[index - 1].Time, _points[index - 1].Count, _points[index].Time, _points[index].Count)),
            Totals = Select(first, index => _points[index].Count),
            P50 = Select(second, index => _points[index].P50),
            P90 = Select(second, index => _points[index].P90),
            P99 = Select(second, index => _points[index].P99),
        };
    }

    private static float Percentile(HistogramValue? value, double share) => value is null ? float.NaN : (float)value.Percentile(share);

    private ChartPoint[] Select(int first, Func<int, double> value)
    {
        var points = new ChartPoint[Math.Max(0, _points.Count - first)];
        for (var index = 0; index < points.Length; index++)
            points[index] = new ChartPoint(_points[first + index].Time, value(first + index));
        return points;
    }
}
