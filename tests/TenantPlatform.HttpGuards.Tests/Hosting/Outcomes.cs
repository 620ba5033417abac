using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace TenantPlatform.HttpGuards.Tests.Hosting;

/// <summary>What the meter of the guards counts while a test looks, by its tags.</summary>
internal sealed class Outcomes : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public Outcomes(string instrument)
    {
        _listener.InstrumentPublished = (published, listener) =>
        {
            if (published.Meter.Name == "TenantPlatform.HttpGuards" && published.Name == instrument)
                listener.EnableMeasurementEvents(published);
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
            _counts.AddOrUpdate(string.Join(' ', tags.ToArray().Select(tag => tag.Value)), count, (_, sum) => sum + count));
        _listener.Start();
    }

    public IEnumerable<string> Tags => _counts.Keys;

    public long Of(string tags) => _counts.GetValueOrDefault(tags);

    public void Dispose() => _listener.Dispose();
}
