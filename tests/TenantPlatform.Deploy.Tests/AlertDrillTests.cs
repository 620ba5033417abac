using TenantPlatform.RunbookDrills.Monitoring;
using TenantPlatform.RunbookDrills.Rules;

namespace TenantPlatform.Deploy.Tests;

/// <summary>What <c>eng/check-alerts</c> makes of metrics and rules before Prometheus sees them.</summary>
public sealed class AlertDrillTests
{
    [Theory]
    [InlineData("cache.hits", "{hit}", nameof(MetricKind.Counter), "cache_hits_total")]
    [InlineData("cache.fills.rejected", "{fill}", nameof(MetricKind.Counter), "cache_fills_rejected_total")]
    [InlineData("cache.http.saved", "By", nameof(MetricKind.Counter), "cache_http_saved_bytes_total")]
    [InlineData("cache.bytes", "By", nameof(MetricKind.Gauge), "cache_bytes")]
    [InlineData("cache.l2.duration", "s", nameof(MetricKind.Other), "cache_l2_duration_seconds")]
    [InlineData("tenant.pools", "{pool}", nameof(MetricKind.Other), "tenant_pools")]
    [InlineData("http.rate_limit.decisions", "{decision}", nameof(MetricKind.Counter), "http_rate_limit_decisions_total")]
    [InlineData("process.cpu.utilization", "1", nameof(MetricKind.Gauge), "process_cpu_utilization_ratio")]
    [InlineData("system.disk.io", "By/s", nameof(MetricKind.Gauge), "system_disk_io_bytes_per_second")]
    public void D6_Metric_IsCalledAsPrometheusCallsIt(string instrument, string unit, string kind, string expected) =>
        Assert.Equal(expected, PrometheusNames.Metric(instrument, unit, Enum.Parse<MetricKind>(kind)));

    [Fact]
    public void D6_Rules_AreShortenedInEveryDuration_AndInNothingElse() => Assert.Equal(
        "expr: rate(x{tier=\"5m\"}[10000ms]) > 5 unless last_over_time(x[2880000ms] offset 20000ms)\nfor: 4000ms",
        new Speed(30).Shorten("expr: rate(x{tier=\"5m\"}[5m]) > 5 unless last_over_time(x[1d] offset 10m)\nfor: 2m"));

    [Fact]
    public void D6_Export_OfACounterAndAHistogram_IsShownAsPrometheusReadsIt()
    {
        // { resource { service.name: "ledger", service.instance.id: "ledger-1" }, scope { cache.hits: 7 by cache.tier=l1, tenant.feed.lag: 2 below 1 s, 1 above } }
        var resource = Message(1, [.. Attribute(1, "service.name", "ledger"), .. Attribute(1, "service.instance.id", "ledger-1")]);
        var hits = Message(2, [.. Text(1, "cache.hits"), .. Text(3, "{hit}"), .. Message(7, [.. Message(1, [.. Fixed(6, 7), .. Attribute(7, "cache.tier", "l1")]), 0x18, 0x01])]);
        var lag = Message(2, [.. Text(1, "tenant.feed.lag"), .. Text(3, "s"), .. Message(9, Message(1,
            [.. Fixed(4, 3), .. Real(5, 4.5), .. Message(6, [.. BitConverter.GetBytes(2L), .. BitConverter.GetBytes(1L)]), .. Message(7, BitConverter.GetBytes(1.0))]))]);
        var (process, text) = OtlpMetrics.Read(Message(1, [.. resource, .. Message(2, [.. hits, .. lag])]));

        Assert.Equal("ledger/ledger-1", process);
        Assert.Equal(
            """
            cache_hits_total{job="ledger",instance="ledger-1",cache_tier="l1"} 7
            tenant_feed_lag_seconds_bucket{job="ledger",instance="ledger-1",le="1"} 2
            tenant_feed_lag_seconds_bucket{job="ledger",instance="ledger-1",le="+Inf"} 3
            tenant_feed_lag_seconds_sum{job="ledger",instance="ledger-1"} 4.5
            tenant_feed_lag_seconds_count{job="ledger",instance="ledger-1"} 3

            """,
            text);
    }

    [Fact]
    public void D6_Export_CutOff_IsRefused() => Assert.Throws<InvalidDataException>(() => OtlpMetrics.Read(Message(1, Message(1, [1, 2, 3])).AsSpan()[..^1]));

    private static byte[] Message(int field, byte[] content) => [(byte)((field << 3) | 2), .. Length(content.Length), .. content];

    private static byte[] Length(int length) => length < 0x80 ? [(byte)length] : [(byte)(length | 0x80), (byte)(length >> 7)];

    private static byte[] Text(int field, string text) => Message(field, System.Text.Encoding.UTF8.GetBytes(text));

    private static byte[] Attribute(int field, string key, string value) => Message(field, [.. Text(1, key), .. Message(2, Text(1, value))]);

    private static byte[] Fixed(int field, long value) => [(byte)((field << 3) | 1), .. BitConverter.GetBytes(value)];

    private static byte[] Real(int field, double value) => [(byte)((field << 3) | 1), .. BitConverter.GetBytes(value)];
}
