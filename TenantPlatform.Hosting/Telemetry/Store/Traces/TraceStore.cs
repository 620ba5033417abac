namespace TenantPlatform.Hosting.Telemetry.Store.Traces;

/// <summary>The last traces; whole ones are evicted, in the order in which they first came. Safe for concurrent use.</summary>
internal sealed class TraceStore(TelemetryLimits limits)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, TraceEntry> _traces = [];
    private readonly Queue<TraceEntry> _order = new();
    private int _spans;
    private long _bytes;
    private long _dropped;
    private long _evicted;

    /// <summary>How much there is, was refused, and made room.</summary>
    public StoreCounts Counts
    {
        get
        {
            lock (_lock)
                return new StoreCounts(_spans, _bytes, _dropped, _evicted);
        }
    }

    /// <summary>How many traces there are.</summary>
    public int TraceCount
    {
        get
        {
            lock (_lock)
                return _traces.Count;
        }
    }

    public void Add(IReadOnlyList<SpanRecord> spans)
    {
        lock (_lock)
        {
            foreach (var span in spans)
                Add(span);
        }
    }

    /// <summary>The traces that match, latest start first.</summary>
    public TracePage Find(TraceQuery query)
    {
        var matching = Snapshot().Where(query.Matches).ToArray();
        Array.Sort(matching, Order);
        var after = 0;
        if (query.BeforeId is { } id)
        {
            var index = Array.FindIndex(matching, trace => trace.TraceId == id);
            after = index < 0 ? matching.Length : index + 1;
        }

        var page = matching.Skip(after).Where(trace => query.BeforeStart is not { } start || trace.Start < start).Take(query.Limit);
        return new TracePage(matching.Length, [.. page]);
    }

    /// <summary>A trace; null when there is none, or no longer.</summary>
    public TraceSummary? TryGet(UInt128 traceId)
    {
        lock (_lock)
            return _traces.GetValueOrDefault(traceId)?.Summarize();
    }

    private static int Order(TraceSummary left, TraceSummary right)
    {
        var byStart = right.Start.CompareTo(left.Start);
        return byStart != 0 ? byStart : left.TraceId.CompareTo(right.TraceId);
    }

    private TraceSummary[] Snapshot()
    {
        lock (_lock)
        {
            var all = new TraceSummary[_order.Count];
            var index = 0;
            foreach (var trace in _order)
                all[index++] = trace.Summarize();
            return all;
        }
    }

    private void Add(SpanRecord span)
    {
        if (!_traces.TryGetValue(span.TraceId, out var trace))
        {
            trace = new TraceEntry(span.TraceId);
            _traces.Add(span.TraceId, trace);
            _order.Enqueue(trace);
        }

        if (trace.Count >= limits.MaxSpansPerTrace || trace.Contains(span.SpanId))
        {
            _dropped++;
            return;
        }

        var size = span.EstimateSize();
        trace.Add(span, size);
        _spans++;
        _bytes += size;
        while (_spans > limits.MaxSpans || _bytes > limits.MaxSpanBytes)
            EvictOldest();
    }

    private void EvictOldest()
    {
        var oldest = _order.Dequeue();
        _traces.Remove(oldest.TraceId);
        _spans -= oldest.Count;
        _bytes -= oldest.Bytes;
        _evicted += oldest.Count;
    }
}
