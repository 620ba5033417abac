using System.Net.Mime;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TenantPlatform.Hosting.Telemetry.Otlp;
using TenantPlatform.Hosting.Telemetry.Store;
using TenantPlatform.Hosting.Telemetry.Store.Logs;
using TenantPlatform.Hosting.Telemetry.Store.Metrics;
using TenantPlatform.Hosting.Telemetry.Store.Traces;

namespace TenantPlatform.Hosting.Telemetry.Api;

/// <summary>What the dashboard reads.</summary>
internal static class TelemetryApi
{
    private const int MaxPage = 1000;
    private const int MaxSeries = 200;
    private const double MaxMilliseconds = 1e9;

    /// <summary>
    /// Maps <c>traces</c>, <c>traces/{id}</c>, <c>logs</c>, <c>metrics</c>, <c>metrics/series</c>, <c>counts</c> and the
    /// event stream <c>changes</c>. Access is the group's affair. Needs <see cref="TelemetryServices.AddTelemetry"/>.
    /// </summary>
    public static RouteGroupBuilder MapTelemetryApi(this RouteGroupBuilder group)
    {
        group.MapGet("/traces", Traces);
        group.MapGet("/traces/{id}", Trace);
        group.MapGet("/logs", Logs);
        group.MapGet("/metrics", Metrics);
        group.MapGet("/metrics/series", Series);
        group.MapGet("/counts", (TelemetryStore store, OtlpReceiver receiver) => Ok(CountsBody.Of(store, receiver), TelemetryJson.Default.CountsBody));
        group.MapGet("/changes", ChangesStream.SendAsync).Produces(StatusCodes.Status200OK, contentType: MediaTypeNames.Text.EventStream);
        return group;
    }

    private static IResult Traces(HttpRequest request, TelemetryStore store)
    {
        var query = new ApiQuery(request.Query);
        var before = query.Text("before");
        long? beforeStart = null;
        UInt128? beforeId = null;
        if (TelemetryIds.TryParseTrace(before, out var id))
            beforeId = id;
        else if (before is not null)
            beforeStart = Times.TryParse(before, out var time) ? time : query.Fail("before", "a trace's id or an ISO time", 0L);
        var filter = new TraceQuery(
            query.Text("resource"),
            query.Text("text"),
            query.Flag("errors"),
            (long)(query.Fraction("minMs", 0, 0, MaxMilliseconds) * 1_000_000),
            beforeStart,
            beforeId,
            (int)query.Number("limit", 100, 1, MaxPage));
        return query.Error is { } error ? BadRequest(error) : Ok(TraceListBody.Of(store.Traces.Find(filter)), TelemetryJson.Default.TraceListBody);
    }

    private static IResult Trace(string id, TelemetryStore store)
    {
        if (!TelemetryIds.TryParseTrace(id, out var traceId))
            return BadRequest("A trace's id has 32 hexadecimal digits.");
        return store.Traces.TryGet(traceId) is { } trace
            ? Ok(TraceBody.Of(trace), TelemetryJson.Default.TraceBody)
            : Results.Json(new ApiError("There is no such trace, or no longer."), TelemetryJson.Default.ApiError, statusCode: StatusCodes.Status404NotFound);
    }

    private static IResult Logs(HttpRequest request, TelemetryStore store)
    {
        var query = new ApiQuery(request.Query);
        UInt128 traceId = 0;
        ulong spanId = 0;
        if (query.Text("traceId") is { } trace && !TelemetryIds.TryParseTrace(trace, out traceId))
            query.Fail("traceId", "32 hexadecimal digits", 0);
        if (query.Text("spanId") is { } span && !TelemetryIds.TryParseSpan(span, out spanId))
            query.Fail("spanId", "16 hexadecimal digits", 0);
        var level = LogSeverity.Trace;
        if (query.Text("level") is { } name && (!Enum.TryParse(name, ignoreCase: true, out level) || !Enum.IsDefined(level)))
            query.Fail("level", $"one of {string.Join(", ", Enum.GetNames<LogSeverity>())}", 0);
        var filter = new LogQuery(
            query.Text("resource"),
            level,
            query.Text("text"),
            traceId,
            spanId,
            query.Number("before", long.MaxValue, 0, long.MaxValue),
            (int)query.Number("limit", 200, 1, MaxPage));
        return query.Error is { } error ? BadRequest(error) : Ok(LogListBody.Of(store.Logs.Find(filter)), TelemetryJson.Default.LogListBody);
    }

    private static IResult Metrics(TelemetryStore store) =>
        Ok(InstrumentListBody.Of(store.Metrics.Instruments()), TelemetryJson.Default.InstrumentListBody);

    private static IResult Series(HttpRequest request, TelemetryStore store)
    {
        var query = new ApiQuery(request.Query);
        var filter = new SeriesQuery(
            query.Required("name"),
            query.Text("meter"),
            query.Text("resource"),
            TimeSpan.FromMinutes(query.Fraction("minutes", 5, 0.1, 24 * 60)),
            MaxSeries);
        return query.Error is { } error ? BadRequest(error) : Ok(SeriesListBody.Of(store.Metrics.Read(filter)), TelemetryJson.Default.SeriesListBody);
    }

    private static IResult Ok<T>(T body, JsonTypeInfo<T> type) => Results.Json(body, type);

    private static IResult BadRequest(string error) =>
        Results.Json(new ApiError(error), TelemetryJson.Default.ApiError, statusCode: StatusCodes.Status400BadRequest);
}
