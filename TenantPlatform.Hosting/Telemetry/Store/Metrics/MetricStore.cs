namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>The points of the last minutes, per instrument and tag set. Safe for concurrent use.</summary>
internal sealed class MetricStore(TelemetryLimits limits, TimeProvider time)
{
    // How far a sender's clock may be ahead, and how long ago a first sum may have begun to count as all new.
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LeastWindow = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<InstrumentKey, InstrumentEntry> _instruments = [];

    // When each resource last reported: a series that was not in that report was zero then.
    private readonly Dictionary<TelemetryResource, long> _reports = [];
    private readonly int _pointLimit = Math.Max(2, (int)limits.MetricRetention.TotalSeconds + 1);
    private TimeSpan _window = limits.MetricRetention;
    private long _sweptAt;
    private int _series;
    private long _tagBytes;
    private bool _isIncomplete;
    private long _dropped;
    private long _evicted;

    /// <summary>How many points there are, were refused, and were forgotten before their time.</summary>
    public StoreCounts Counts
    {
        get
        {
            lock (_lock)
            {
                var all = AllSeries();
                return new StoreCounts(all.Sum(series => (long)series.Count), all.Sum(series => series.Bytes), _dropped, _evicted);
            }
        }
    }

    /// <summary>How many series there are.</summary>
    public int SeriesCount
    {
        get
        {
            lock (_lock)
                return _series;
        }
    }

    /// <summary>How long points are kept now: less than configured while they take more than their share of memory.</summary>
    public TimeSpan Window
    {
        get
        {
            lock (_lock)
                return _window;
        }
    }

    public void Add(IReadOnlyList<MetricReport> reports)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_lock)
        {
            foreach (var report in reports)
            {
                foreach (var point in report.Points)
                    Add(report, point, now);
            }

            foreach (var resource in reports.Select(report => report.Instrument.Resource).Distinct())
            {
                if (_reports.ContainsKey(resource) || _reports.Count < limits.MaxSeries)
                    _reports[resource] = now;
            }

            if (now - _sweptAt >= SweepInterval.TotalMilliseconds || now < _sweptAt)
                Sweep(now);
        }
    }

    /// <summary>The instruments that have points, by resource, meter and name.</summary>
    public IReadOnlyList<Instrument> Instruments()
    {
        Instrument[] all;
        lock (_lock)
            all = [.. _instruments.Values.Select(entry => entry.Instrument)];
        return
        [
            .. all.OrderBy(instrument => instrument.Resource.Name, StringComparer.Ordinal)
                .ThenBy(instrument => instrument.Meter, StringComparer.Ordinal)
                .ThenBy(instrument => instrument.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>The series of an instrument, of one resource or of all.</summary>
    public SeriesPage Read(SeriesQuery query)
    {
        var from = (time.GetUtcNow() - query.Window).ToUnixTimeMilliseconds();
        lock (_lock)
        {
            var entries = _instruments.Values.Where(entry => query.Matches(entry.Instrument))
                .OrderBy(entry => entry.Instrument.Resource.Name, StringComparer.Ordinal)
                .ToArray();
            var series = entries.SelectMany(entry => entry.Series.Values.Select(series => (entry.Instrument, Series: series)));
            return new SeriesPage(
                entries.Length == 0 ? null : entries[0].Instrument,
                entries.Sum(entry => entry.Series.Count),
                [.. series.Take(query.Limit).Select(item => item.Series.Read(item.Instrument, from))]);
        }
    }

    private void Add(MetricReport report, MetricPoint point, long now)
    {
        var instrument = report.Instrument;
        var key = new InstrumentKey(instrument.Resource, instrument.Meter, instrument.Name);
        var at = TimeOf(point, now);
        long? zeroAt = null;
        if (!_instruments.TryGetValue(key, out var entry) || !entry.Series.TryGetValue(point.Tags, out var series))
        {
            if (_series >= limits.MaxSeries || _tagBytes >= limits.MaxTagBytes)
            {
                _dropped++;
                _isIncomplete = true;
                return;
            }

            entry ??= _instruments[key] = new InstrumentEntry(instrument);
            series = entry.Instrument.Kind == InstrumentKind.Histogram
                ? new HistogramSeries(point.Tags, _pointLimit)
                : new NumberSeries(point.Tags, entry.Instrument.Kind, _pointLimit);
            entry.Series.Add(point.Tags, series);
            _series++;
            _tagBytes += series.TagBytes;
            zeroAt = ZeroOf(instrument.Resource, point, at);
        }

        if (!series.Add(point, at, report.IsDelta, zeroAt))
            _dropped++;
    }

    // A clock that is far off would keep its points for ever, or lose them at once.
    private long TimeOf(MetricPoint point, long now)
    {
        var at = point.Time / 1_000_000;
        return at > now + Ahead.TotalMilliseconds || at < now - limits.MetricRetention.TotalMilliseconds ? now : at;
    }

    // Points that a limit kept out may have come before: then nothing is known about the time before this one.
    private long? ZeroOf(TelemetryResource resource, MetricPoint point, long at)
    {
        if (_isIncomplete)
            return null;
        var start = point.Start / 1_000_000;
        if (_reports.TryGetValue(resource, out var reported))
            return start < at ? Math.Max(reported, start) : reported;
        return start > at - Recent.TotalMilliseconds ? start : null;
    }

    private void Sweep(long now)
    {
        _sweptAt = now;
        var oldest = now - (long)limits.MetricRetention.TotalMilliseconds;
        foreach (var (key, entry) in _instruments)
        {
            foreach (var (tags, series) in entry.Series)
            {
                if (series.LastTime >= oldest || !entry.Series.Remove(tags))
                    continue;
                _series--;
                _tagBytes -= series.TagBytes;
            }

            if (entry.Series.Count == 0)
                _instruments.Remove(key);
        }

        foreach (var (resource, reported) in _reports)
        {
            if (reported < oldest)
                _reports.Remove(resource);
        }

        Trim(now);
    }

    private void Trim(long now)
    {
        var bytes = TrimTo(now - (long)_window.TotalMilliseconds);
        if (bytes < limits.MaxPointBytes * 0.7 && _window < limits.MetricRetention)
            _window = TimeSpan.FromTicks(Math.Min(limits.MetricRetention.Ticks, _window.Ticks * 21 / 20));
        while (bytes > limits.MaxPointBytes && _window > LeastWindow)
        {
            var before = AllSeries().Sum(series => (long)series.Count);
            _window = TimeSpan.FromTicks(Math.Max(LeastWindow.Ticks, _window.Ticks * 3 / 4));
            bytes = TrimTo(now - (long)_window.TotalMilliseconds);
            _evicted += before - AllSeries().Sum(series => (long)series.Count);
        }
    }

    private long TrimTo(long before)
    {
        var bytes = 0L;
        foreach (var series in AllSeries())
        {
            series.Trim(before);
            bytes += series.Bytes;
        }

        return bytes;
    }

    private IEnumerable<MetricSeries> AllSeries() => _instruments.Values.SelectMany(entry => entry.Series.Values);
}
