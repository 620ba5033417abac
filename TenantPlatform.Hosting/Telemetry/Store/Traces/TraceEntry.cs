namespace TenantPlatform.Hosting.Telemetry.Store.Traces;

/// <summary>A trace that still grows. Guarded by its store's lock; what it hands out is immutable.</summary>
internal sealed class TraceEntry(UInt128 traceId)
{
    private SpanRecord[] _spans = new SpanRecord[4];
    private int _count;
    private TraceSummary? _summary;

    public UInt128 TraceId => traceId;

    public int Count => _count;

    /// <summary>About how many bytes the spans occupy.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether a span with this id is there already: senders repeat what they are not sure of.</summary>
    public bool Contains(ulong spanId)
    {
        for (var index = 0; index < _count; index++)
        {
            if (_spans[index].SpanId == spanId)
                return true;
        }

        return false;
    }

    public void Add(SpanRecord span, int size)
    {
        // Summaries hold the old array; slots beyond their count may be filled without their noticing.
        if (_count == _spans.Length)
            Array.Resize(ref _spans, _count * 2);
        _spans[_count++] = span;
        Bytes += size;
        _summary = null;
    }

    public TraceSummary Summarize() => _summary ??= Build();

    private TraceSummary Build()
    {
        var spans = new ArraySegment<SpanRecord>(_spans, 0, _count);
        var (root, start, end, hasError) = (_spans[0], long.MaxValue, 0L, false);
        var resources = new List<ResourceCount>(4);
        foreach (var span in spans)
        {
            start = Math.Min(start, span.Start);
            end = Math.Max(end, span.End);
            hasError |= span.Status == SpanStatus.Error;
            if (IsBetterRoot(span, root))
                root = span;
            CountIn(resources, span.Resource.Name);
        }

        return new TraceSummary
        {
            TraceId = traceId,
            Root = root,
            Start = start,
            Duration = end - start,
            HasError = hasError,
            Spans = spans,
            Resources = [.. resources],
        };
    }

    private static bool IsBetterRoot(SpanRecord span, SpanRecord than) =>
        (span.ParentId == 0) == (than.ParentId == 0) ? span.Start < than.Start : span.ParentId == 0;

    private static void CountIn(List<ResourceCount> resources, string name)
    {
        var index = resources.FindIndex(resource => resource.Name == name);
        if (index < 0)
            resources.Add(new ResourceCount(name, 1));
        else
            resources[index] = new ResourceCount(name, resources[index].Count + 1);
    }
}
