using TenantPlatform.Hosting.Telemetry.Store;
using TenantPlatform.Hosting.Telemetry.Store.Metrics;
using TenantPlatform.TestKit;

namespace TenantPlatform.Hosting.Tests.Telemetry;

public sealed class MetricStoreTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Counter_Cumulative_IsARateAndATotal()
    {
        var store = Store();

        foreach (var total in new double[] { 100, 110, 140, 140, 5 })
            Report(store, total, InstrumentKind.Counter);

        var series = Read(store);
        Assert.Equal([10, 30, 0, 5], Values(series.Points));
        Assert.Equal([100, 110, 140, 140, 5], Values(series.Totals!));
    }

    [Fact]
    public void Counter_Delta_IsTheSame()
    {
        var store = Store();

        foreach (var delta in new double[] { 100, 10, 30, 0 })
            Report(store, delta, InstrumentKind.Counter, isDelta: true);

        Assert.Equal([10, 30, 0], Values(Read(store).Points));
        Assert.Equal([100, 110, 140, 140], Values(Read(store).Totals!));
    }

    [Fact]
    public void Counter_NewInARunningResource_CountsFromZero()
    {
        var store = Store();
        Report(store, 1, InstrumentKind.Counter, name: "other");

        Report(store, 8, InstrumentKind.Counter);

        Assert.Equal([8], Values(Read(store).Points));
        Assert.Equal([0, 8], Values(Read(store).Totals!));
    }

    [Theory]
    [InlineData(nameof(InstrumentKind.Gauge), false)]
    [InlineData(nameof(InstrumentKind.UpDownCounter), true)]
    public void Level_OfGaugeAndUpDownCounter_IsDrawnAsItIs(string kind, bool hasTotals)
    {
        var store = Store();

        foreach (var level in new double[] { 5, 3, 9 })
            Report(store, level, Enum.Parse<InstrumentKind>(kind));

        Assert.Equal([5, 3, 9], Values(Read(store).Points));
        Assert.Equal(hasTotals, Read(store).Totals is not null);
    }

    [Fact]
    public void Points_WithinASecond_AreOne()
    {
        var store = Store();
        for (var number = 0; number < 100; number++)
            Report(store, number, InstrumentKind.Gauge, step: TimeSpan.FromMilliseconds(100));

        Assert.InRange(Read(store).Points.Length, 10, 12);
        Assert.Equal(99, Read(store).Points[^1].Value);
    }

    [Fact]
    public void Points_OlderThanTheRetention_AreForgotten()
    {
        var store = Store();
        for (var number = 0; number < 2000; number++)
            Report(store, number, InstrumentKind.Gauge);
        Assert.InRange(Read(store).Points.Length, 899, 901);

        _time.Advance(TimeSpan.FromMinutes(20));
        Report(store, 1, InstrumentKind.Gauge, name: "other");

        Assert.Equal("other", Assert.Single(store.Instruments()).Name);
        Assert.Equal(1, store.SeriesCount);
    }

    [Fact]
    public void Series_BeyondTheLimit_AreDroppedAndCounted()
    {
        var store = Store(new TelemetryLimits { MaxSeries = 3 });

        for (var number = 0; number < 10; number++)
            Report(store, 1, InstrumentKind.Gauge, tag: $"t{number}");

        Assert.Equal(3, store.SeriesCount);
        Assert.Equal(7, store.Counts.Dropped);
    }

    [Fact]
    public void Points_BeyondTheBytes_ShortenTheWindow()
    {
        var store = Store(new TelemetryLimits { MaxPointBytes = 40_000 });

        for (var number = 0; number < 600; number++)
        {
            for (var tag = 0; tag < 10; tag++)
                Report(store, number, InstrumentKind.Gauge, tag: $"t{tag}", step: TimeSpan.Zero);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(store.Counts.Bytes, 1, 80_000);
        Assert.True(store.Counts.Evicted > 0);
        Assert.InRange(store.Window, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void Clock_FarOff_IsReplacedByTheTimeOfArrival()
    {
        var store = Store();

        Add(store, new NumberPoint(new TagSet([]), 0, long.MaxValue, 5), InstrumentKind.Gauge);

        Assert.Equal(_time.GetUtcNow().ToUnixTimeMilliseconds(), Read(store).Points.Single().Time);
    }

    [Fact]
    public void Histogram_BetweenTwoReports_HasThePercentilesOfTheDifference()
    {
        var store = Store();

        Histogram(store, [1000, 0, 0, 0]);
        Histogram(store, [1000, 100, 0, 0]);
        Histogram(store, [1000, 100, 0, 10]);
        Histogram(store, [1000, 100, 0, 10]);

        var series = Read(store);
        Assert.Equal([100, 10, 0], Values(series.Points));
        Assert.Equal([1000, 1100, 1110, 1110], Values(series.Totals!));
        Assert.Equal([15, 40, double.NaN], Values(series.P50!));
        Assert.Equal(19.9, series.P99![0].Value, 3);
    }

    [Fact]
    public void Histogram_CountedAnew_StartsAgain()
    {
        var store = Store();

        Histogram(store, [50, 50, 0, 0]);
        Histogram(store, [0, 10, 0, 0]);

        Assert.Equal([10], Values(Read(store).Points));
        Assert.Equal([15], Values(Read(store).P50!));
    }

    [Fact]
    public void Exponential_OfTwoScales_IsComparedInTheCoarser()
    {
        // Scale 1: factor 2^0.5; values of bucket 6 are in (8, 11.3].
        var earlier = new ExponentialBuckets(1, 1, new BucketRun(6, [10]), BucketRun.Empty);
        var later = new ExponentialBuckets(0, 2, new BucketRun(3, [10, 20]), new BucketRun(0, [1]));

        var difference = later.Since(earlier)!;

        // Scale 0: 20 values in (16, 32], one zero, one in [-2, -1).
        Assert.Equal(Math.Pow(2, 4 + (9.0 / 20)), difference.Percentile(0.5), 6);
        Assert.Equal(-2, difference.Percentile(0), 6);
        Assert.Equal(32, difference.Percentile(1), 6);
        Assert.Null(earlier.Since(later));
    }

    private static double[] Values(ChartPoint[] points) => Array.ConvertAll(points, point => point.Value);

    private static SeriesData Read(MetricStore store, string name = "test.metric") =>
        Assert.Single(store.Read(new SeriesQuery(name, null, "ledger", TimeSpan.FromMinutes(15), 10)).Series);

    private static void Add(MetricStore store, MetricPoint point, InstrumentKind kind, bool isDelta = false, string name = "test.metric") =>
        store.Add([new MetricReport(new Instrument(new TelemetryResource("ledger", null), "Meter", name, "s", "", kind), isDelta, [point])]);

    private MetricStore Store(TelemetryLimits? limits = null) => new(limits ?? new TelemetryLimits(), _time);

    private void Report(
        MetricStore store, double value, InstrumentKind kind, bool isDelta = false, string name = "test.metric", string? tag = null, TimeSpan? step = null)
    {
        var tags = new TagSet(tag is null ? [] : [new TelemetryAttribute("tag", tag)]);
        Add(store, new NumberPoint(tags, 0, (long)Messages.Nanoseconds(_time.GetUtcNow()), value), kind, isDelta, name);
        _time.Advance(step ?? TimeSpan.FromSeconds(1));
    }

    private void Histogram(MetricStore store, long[] counts)
    {
        var value = new HistogramValue(counts.Sum(), 0, new ExplicitBuckets([10, 20, 40], counts), double.NaN, double.NaN);
        Add(store, new HistogramPoint(new TagSet([]), 0, (long)Messages.Nanoseconds(_time.GetUtcNow()), value), InstrumentKind.Histogram);
        _time.Advance(TimeSpan.FromSeconds(1));
    }
}
