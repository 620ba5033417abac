using System.Diagnostics.Metrics;

namespace TenantManager.Client.Tests.Databases;

/// <summary>How often a pool was wanted without room for it, while a test looks: counted where the test waits for it, so of no other one.</summary>
internal sealed class CrowdedPools : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly AsyncLocal<StrongBox> _mine = new() { Value = new StrongBox() };

    public CrowdedPools(string outcome)
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "TenantManager.Client", Name: "tenant.pools.crowded" })
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (tag.Key == "outcome" && (string?)tag.Value == outcome && _mine.Value is { } mine)
                    Interlocked.Add(ref mine.Count, count);
            }
        });
        _listener.Start();
        Box = _mine.Value;
    }

    public long Count => Interlocked.Read(ref Box.Count);

    private StrongBox Box { get; }

    public void Dispose() => _listener.Dispose();

    private sealed class StrongBox
    {
        public long Count;
    }
}
