using System.Diagnostics.Metrics;
using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.OneProcess;

/// <inheritdoc/>
internal sealed class Metrics : ISample
{
    public string Verb => "metrics";

    public string Shows => "What the meter Cache.Core counts; any OpenTelemetry exporter reads it.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var pod = await Pod.StartAsync(builder => builder.Services.AddTieredCache());
        var before = Read();
        var prices = new Prices();
        for (var n = 0; n < 10; n++)
            await pod.Cache.GetOrFetchAsync("EUR", prices, static (prices, stop) => prices.FetchAsync("EUR", stop), cancellationToken);

        foreach (var (name, count) in Read().Where(counted => counted.Key.Contains("l1", StringComparison.Ordinal)))
            await output.WriteLineAsync($"{name} {count - before.GetValueOrDefault(name)}");
    }

    private static SortedDictionary<string, long> Read()
    {
        var read = new SortedDictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument is { Meter.Name: "Cache.Core", Name: "cache.hits" or "cache.misses" })
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            read[$"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}"] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return read;
    }
}
