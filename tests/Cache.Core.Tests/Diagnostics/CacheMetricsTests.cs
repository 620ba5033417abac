using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Cache.Core.Diagnostics;
using Cache.Core.Memory;
using Cache.Core.Tests.Memory;

namespace Cache.Core.Tests.Diagnostics;

/// <summary>What the meter says. It is the whole process's, and other tests count as well: figures are compared before and after, as at least.</summary>
public sealed class CacheMetricsTests : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _seen = new(StringComparer.Ordinal);

    public CacheMetricsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == CacheMetrics.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var name = string.Join('|', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}").Prepend(instrument.Name));
            if (instrument.IsObservable)
                _seen[name] = value;
            else
                _seen.AddOrUpdate(name, value, (_, sum) => sum + value);
        });
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void Hits_OfManyThreadsThatHaveEnded_AreAllCounted()
    {
        var before = Read("cache.hits|cache.tier=l1|cache.freshness=fresh");

        var threads = Enumerable.Range(0, 100).Select(_ => new Thread(() =>
        {
            for (var n = 0; n < 1000; n++)
                CacheMetrics.Shared.L1Hit();
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.True(Read("cache.hits|cache.tier=l1|cache.freshness=fresh") - before >= 100_000);
    }

    [Fact]
    public void Counts_ReadTwice_NeverFall()
    {
        var last = 0L;
        for (var round = 0; round < 50; round++)
        {
            var thread = new Thread(() => CacheMetrics.Shared.L1Miss());
            thread.Start();
            var now = Read("cache.misses|cache.tier=l1");
            Assert.True(now >= last);
            last = now;
            thread.Join();
        }
    }

    [Fact]
    public void Gauges_ShowWhatTiersHold()
    {
        var tiers = new Tiers();
        tiers.Fill("k", "v", size: 1_000_000_000);
        tiers.Tier.TryDeny("denied", null, 1, Tiers.Recheck, TimeSpan.Zero);

        Assert.True(Read("cache.entries") >= 2);
        Assert.True(Read("cache.bytes") >= 1_000_000_000);
        Assert.True(Read("cache.tombstones") >= 1);
        GC.KeepAlive(tiers);
    }

    [Fact]
    public void Evictions_AreCountedByReason()
    {
        var room = Read("cache.evictions|cache.reason=capacity");
        var expired = Read("cache.evictions|cache.reason=expired");
        var oversized = Read("cache.oversized");
        var tiers = new Tiers(new MemoryTierOptions { Capacity = 10, ByteCapacity = ByteSize.FromMegabytes(1) });

        for (var n = 0; n < 15; n++)
            tiers.Fill($"k{n}", "v");
        tiers.Fill("huge", "v", size: 1_000_000);
        tiers.Time.Advance(Tiers.Hard);
        tiers.Tier.Sweep();

        Assert.True(Read("cache.evictions|cache.reason=capacity") - room >= 5);
        Assert.True(Read("cache.evictions|cache.reason=expired") - expired >= 10);
        Assert.True(Read("cache.oversized") - oversized >= 1);
    }

    [Fact]
    public void Events_AreCountedWithTheirReasonOrOutcome()
    {
        var metrics = CacheMetrics.Shared;
        metrics.FellBack(CacheMetrics.ValkeyMiss);
        metrics.Leased(CacheMetrics.Lost);
        metrics.FillRejected(CacheMetrics.Fence);
        metrics.Refreshed("found");
        metrics.RefreshDropped();
        metrics.Refused();
        metrics.Unreadable("tampered");
        metrics.L2Hit(TimeSpan.FromSeconds(1));
        metrics.StaleServed(TimeSpan.FromSeconds(3));

        string[] expected =
        [
            "cache.fallbacks|cache.reason=valkey_miss", "cache.leases|cache.outcome=lost", "cache.fills.rejected|cache.reason=fence",
            "cache.refreshes|cache.outcome=found", "cache.refreshes.dropped", "cache.refused", "cache.unreadable|cache.reason=tampered",
            "cache.hits|cache.tier=l2|cache.freshness=stale",
            "cache.hits|cache.tier=l1|cache.freshness=stale",
        ];
        Assert.All(expected, name => Assert.True(Read(name) >= 1, name));
    }

    private long Read(string name)
    {
        _listener.RecordObservableInstruments();
        return _seen.GetValueOrDefault(name);
    }
}
