using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace TenantPlatform.Dashboard.Tests.Demo;

/// <summary>Answers as the telemetry store does, from made-up data.</summary>
internal sealed class DemoTelemetry(bool isEmpty)
{
    private readonly DemoTraces _traces = new(DateTimeOffset.UtcNow, isEmpty ? 0 : 180);

    public void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/telemetry");
        group.MapGet("/traces", (string? resource, string? text, bool? errors, double? minMs, int? limit, string? before) =>
        {
            var found = _traces.All.Where(trace =>
                (resource is null || trace.Resources.Any(part => part.Name == resource))
                && (text is null || trace.Name.Contains(text, StringComparison.OrdinalIgnoreCase) || trace.TraceId.StartsWith(text, StringComparison.Ordinal))
                && (errors != true || trace.HasError)
                && trace.DurationMs >= (minMs ?? 0)).ToArray();
            var rest = before is null ? found : [.. found.SkipWhile(trace => trace.TraceId != before).Skip(1)];
            return new { total = found.Length, traces = rest.Take(limit ?? 100).Select(trace => new { trace.TraceId, trace.Name, trace.Resource, trace.Start, trace.DurationMs, trace.SpanCount, trace.HasError, trace.Resources }) };
        });
        group.MapGet("/traces/{id}", (string id) => _traces.All.FirstOrDefault(trace => trace.TraceId == id) is { } trace
            ? Results.Ok(new { trace.TraceId, trace.Start, trace.DurationMs, trace.Spans })
            : Results.Json(new { error = "There is no such trace, or no longer." }, statusCode: 404));
        group.MapGet("/logs", (string? resource, string? level, string? text, string? traceId, string? spanId, long? before, int? limit) =>
        {
            string[] levels = ["Trace", "Debug", "Information", "Warning", "Error", "Critical"];
            var found = _traces.Logs.Where(log =>
                (resource is null || log.Resource == resource)
                && (level is null || Array.IndexOf(levels, log.Level) >= Array.IndexOf(levels, level))
                && (text is null || log.Message.Contains(text, StringComparison.OrdinalIgnoreCase))
                && (traceId is null || log.TraceId == traceId)
                && (spanId is null || log.SpanId == spanId)).ToArray();
            return new { total = found.Length, logs = found.Where(log => before is null || log.Id < before).Take(limit ?? 200) };
        });
        group.MapGet("/metrics", () => new { instruments = isEmpty ? [] : DemoMetrics.Instruments() });
        group.MapGet("/metrics/series", (string name, string? resource, double? minutes) =>
            isEmpty ? new { series = Array.Empty<object>() } : DemoMetrics.Series(name, resource, minutes ?? 5));
        group.MapGet("/changes", (CancellationToken gone) => TypedResults.ServerSentEvents(ChangesAsync(gone)));
    }

    private static async IAsyncEnumerable<SseItem<string>> ChangesAsync([EnumeratorCancellation] CancellationToken gone)
    {
        foreach (var kind in (string[])["traces", "logs", "metrics"])
            yield return new SseItem<string>("{\"version\":1}", kind);
        for (var version = 2; !gone.IsCancellationRequested; version++)
        {
            await Task.Delay(TimeSpan.FromSeconds(2), gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            yield return new SseItem<string>($"{{\"version\":{version}}}", "metrics");
        }
    }
}
