using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using TenantManager.Client.Pods;
using TenantManager.Contracts.Pods;

namespace Gateway.Diagnostics;

/// <summary>What the cache's metrics come to, route by route, for what the gateway says of itself. Safe for concurrent use.</summary>
internal sealed class RouteFigures : IRouteReporter, IDisposable
{
    // As documented: docs/gateway.md, "Metrics and traces".
    private const string Meter = "Cache.Core.AspNetCore", Requests = "cache.http.requests", Saved = "cache.http.saved", Route = "cache.route", Outcome = "cache.outcome";

    private readonly ConcurrentDictionary<string, Counts> _routes = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public RouteFigures()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == Meter && instrument.Name is Requests or Saved)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>(Count);
        _listener.Start();
    }

    public IReadOnlyList<RouteReport> Read() =>
    [
        .. _routes.Select(static one => one.Value.Report(one.Key))
            .OrderByDescending(static route => route.Requests).Take(RouteReport.Most).OrderBy(static route => route.Route, StringComparer.Ordinal),
    ];

    public void Dispose() => _listener.Dispose();

    private void Count(Instrument instrument, long measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        string? route = null, outcome = null;
        foreach (var tag in tags)
        {
            if (tag.Key == Route)
                route = tag.Value as string;
            else if (tag.Key == Outcome)
                outcome = tag.Value as string;
        }

        if (string.IsNullOrEmpty(route))
            return;
        var counts = _routes.GetOrAdd(route, static _ => new Counts());
        if (instrument.Name == Saved)
            Interlocked.Add(ref counts.SavedBytes, measurement);
        else
            counts.Add(outcome, measurement);
    }

    private sealed class Counts
    {
        public long SavedBytes;
        private long _hits;
        private long _stale;
        private long _misses;
        private long _bypassed;

        public void Add(string? outcome, long count) =>
            Interlocked.Add(ref Of(outcome), count);

        private ref long Of(string? outcome)
        {
            switch (outcome)
            {
                case "hit":
                    return ref _hits;
                case "stale":
                    return ref _stale;
                case "miss":
                    return ref _misses;
                default:
                    return ref _bypassed;
            }
        }

        public RouteReport Report(string route) => new(
            route, Interlocked.Read(ref _hits), Interlocked.Read(ref _stale), Interlocked.Read(ref _misses), Interlocked.Read(ref _bypassed), Interlocked.Read(ref SavedBytes));
    }
}
