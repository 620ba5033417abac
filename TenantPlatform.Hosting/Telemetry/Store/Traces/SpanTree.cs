namespace TenantPlatform.Hosting.Telemetry.Store.Traces;

/// <summary>Orders a trace's spans as its tree is read: each before its children, siblings by start.</summary>
internal static class SpanTree
{
    /// <summary>Every span exactly once; those whose parent is not there count as roots, and a circle of parents is opened.</summary>
    public static List<SpanRecord> Order(IReadOnlyCollection<SpanRecord> spans)
    {
        var byStart = spans.OrderBy(span => span.Start).ThenByDescending(span => span.Duration).ToList();
        var known = spans.Select(span => span.SpanId).ToHashSet();
        var children = byStart.ToLookup(span => span.ParentId);
        var ordered = new List<SpanRecord>(spans.Count);
        var visited = new HashSet<ulong>();
        foreach (var root in byStart.Where(span => span.ParentId == 0 || !known.Contains(span.ParentId)))
            Visit(root, children, visited, ordered);
        foreach (var circular in byStart)
            Visit(circular, children, visited, ordered);
        return ordered;
    }

    private static void Visit(SpanRecord root, ILookup<ulong, SpanRecord> children, HashSet<ulong> visited, List<SpanRecord> ordered)
    {
        // No recursion: how deep a trace is, its sender decides.
        var open = new Stack<SpanRecord>([root]);
        while (open.TryPop(out var span))
        {
            if (!visited.Add(span.SpanId))
                continue;
            ordered.Add(span);
            foreach (var child in children[span.SpanId].Reverse())
                open.Push(child);
        }
    }
}
