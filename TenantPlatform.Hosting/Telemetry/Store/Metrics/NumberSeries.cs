namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>A series of a gauge or a sum. Sums are kept since the start, whatever the sender's temporality.</summary>
internal sealed class NumberSeries(TagSet tags, InstrumentKind kind, int limit) : MetricSeries(tags)
{
    private readonly PointRing<StoredNumber> _points = new(limit);

    public override long LastTime => _points.Count == 0 ? 0 : _points[_points.Count - 1].Time;

    public override int Count => _points.Count;

    public override long Bytes => _points.Bytes;

    public override bool Add(MetricPoint point, long time, bool isDelta, long? zeroAt)
    {
        if (point is not NumberPoint number || (_points.Count > 0 && time < LastTime))
            return false;
        if (_points.Count == 0 && kind == InstrumentKind.Counter && zeroAt < time)
            _points.Add(new StoredNumber(zeroAt.Value, 0));
        var value = number.Value;
        if (isDelta && kind != InstrumentKind.Gauge && _points.Count > 0)
            value += _points[_points.Count - 1].Value;
        var stored = new StoredNumber(time, value);
        if (_points.Count > 1 && IsSameSecond(time, LastTime))
            _points[_points.Count - 1] = stored;
        else
            _points.Add(stored);
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
        var totals = new ChartPoint[_points.Count - first];
        for (var index = 0; index < totals.Length; index++)
            totals[index] = new ChartPoint(_points[first + index].Time, _points[first + index].Value);
        return new SeriesData
        {
            Resource = instrument.Resource,
            Tags = Tags.Tags,
            Points = kind == InstrumentKind.Counter ? Rates(Math.Max(1, first)) : totals,
            Totals = kind == InstrumentKind.Gauge ? null : totals,
        };
    }

    private ChartPoint[] Rates(int first)
    {
        var rates = new ChartPoint[Math.Max(0, _points.Count - first)];
        for (var index = 0; index < rates.Length; index++)
        {
            var (before, point) = (_points[first + index - 1], _points[first + index]);
            rates[index] = new ChartPoint(point.Time, Rate(before.Time, before.Value, point.Time, point.Value));
        }

        return rates;
    }
}
