namespace TenantPlatform.Hosting.Telemetry.Store.Traces;

/// <summary>Which traces to list.</summary>
/// <param name="Resource">One that took part; null: any.</param>
/// <param name="Text">Part of the trace's id, or of a span's name, status or attribute; null: any.</param>
/// <param name="OnlyErrors">Only those with an error.</param>
/// <param name="MinDuration">The shortest duration in nanoseconds.</param>
/// <param name="BeforeStart">Only those that began before this, in nanoseconds since 1970; null: any.</param>
/// <param name="BeforeId">Only those that come after this one in the list; null: any.</param>
/// <param name="Limit">How many at most.</param>
internal sealed record TraceQuery(
    string? Resource, string? Text, bool OnlyErrors, long MinDuration, long? BeforeStart, UInt128? BeforeId, int Limit)
{
    public bool Matches(TraceSummary trace) =>
        (!OnlyErrors || trace.HasError)
        && trace.Duration >= MinDuration
        && (Resource is null || Array.Exists(trace.Resources, resource => string.Equals(resource.Name, Resource, StringComparison.OrdinalIgnoreCase)))
        && (Text is null || Contains(trace, Text));

    private static bool Contains(TraceSummary trace, string text)
    {
        if (TelemetryIds.Of(trace.TraceId).StartsWith(text, StringComparison.OrdinalIgnoreCase))
            return true;
        foreach (var span in trace.Spans)
        {
            if (TextFilter.Matches(span.Name, text) || TextFilter.Matches(span.StatusMessage, text) || TextFilter.Matches(span.Attributes, text))
                return true;
        }

        return false;
    }
}
