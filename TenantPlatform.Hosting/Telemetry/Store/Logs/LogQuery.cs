namespace TenantPlatform.Hosting.Telemetry.Store.Logs;

/// <summary>Which logs to list.</summary>
/// <param name="Resource">Who wrote them; null: anyone.</param>
/// <param name="Level">The lowest level.</param>
/// <param name="Text">Part of the message, category, exception or an attribute; null: any.</param>
/// <param name="TraceId">The trace they were written in; zero: any.</param>
/// <param name="SpanId">The span they were written in; zero: any.</param>
/// <param name="Before">Only those that follow the log with this id in the list; <see cref="long.MaxValue"/>: from the newest on.</param>
/// <param name="Limit">How many at most.</param>
internal sealed record LogQuery(string? Resource, LogSeverity Level, string? Text, UInt128 TraceId, ulong SpanId, long Before, int Limit)
{
    public bool Matches(LogRecord log) =>
        log.Level >= Level
        && (TraceId == 0 || log.TraceId == TraceId)
        && (SpanId == 0 || log.SpanId == SpanId)
        && (Resource is null || string.Equals(log.Resource.Name, Resource, StringComparison.OrdinalIgnoreCase))
        && (Text is null
            || TextFilter.Matches(log.Message, Text)
            || TextFilter.Matches(log.Category, Text)
            || TextFilter.Matches(log.Exception, Text)
            || TextFilter.Matches(log.Attributes, Text));
}
