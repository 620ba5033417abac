using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Cache.Core.AspNetCore.Diagnostics;

namespace Cache.Core.AspNetCore.Tests.Diagnostics;

/// <summary>What the meter counts for one route while a test looks: other tests count beside it.</summary>
internal sealed class Counts : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public Counts(string route)
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == HttpCacheMetrics.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var all = tags.ToArray();
            if (all.Contains(new KeyValuePair<string, object?>("cache.route", route)))
                _counts.AddOrUpdate(string.Join(' ', all.Where(static tag => tag.Key != "cache.route").Select(static tag => tag.Value).Prepend(instrument.Name)), value, (_, sum) => sum + value);
        });
        _listener.Start();
    }

    /// <summary>By the instrument's name, and its other tags' values.</summary>
    public long Of(string name) => _counts.GetValueOrDefault(name);

    public void Dispose() => _listener.Dispose();
}
