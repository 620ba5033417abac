using TenantPlatform.Hosting.Telemetry.Store;
using TenantPlatform.Hosting.Telemetry.Store.Logs;
using TenantPlatform.TestKit;

namespace TenantPlatform.Hosting.Tests.Telemetry;

public sealed class LogStoreTests
{
    private static readonly LogQuery Everything = new(null, LogSeverity.Trace, null, 0, 0, long.MaxValue, 100);

    [Fact]
    public void Add_BeyondTheLimit_EvictsTheOldest()
    {
        var store = new LogStore(new TelemetryLimits { MaxLogs = 3 }, new FakeTimeProvider());

        store.Add([.. Enumerable.Range(1, 5).Select(number => Log($"m{number}"))]);

        Assert.Equal(["m5", "m4", "m3"], store.Find(Everything).Logs.Select(log => log.Message));
        Assert.Equal((3, 2), (store.Counts.Items, store.Counts.Evicted));
    }

    [Fact]
    public void Add_OfLargeLogs_IsBoundedInBytes()
    {
        var store = new LogStore(new TelemetryLimits { MaxLogBytes = 100_000 }, new FakeTimeProvider());

        store.Add([.. Enumerable.Range(0, 100).Select(_ => Log(new string('x', 2500)))]);

        Assert.InRange(store.Counts.Bytes, 50_000, 100_000);
    }

    [Fact]
    public void Find_OfBatchesThatCameInAnyOrder_IsOrderedByTheirTime()
    {
        var store = new LogStore(new TelemetryLimits { MaxLogs = 4 }, new FakeTimeProvider());
        store.Add([Log("gone", time: 1)]);
        store.Add([Log("second", time: 20), Log("fourth", time: 40)]);
        store.Add([Log("first", time: 10), Log("third", time: 30)]);

        var newest = store.Find(Everything with { Limit = 2 });

        Assert.Equal(["fourth", "third"], newest.Logs.Select(log => log.Message));
        Assert.Equal(["second", "first"], store.Find(Everything with { Before = newest.Logs[^1].Id }).Logs.Select(log => log.Message));
        Assert.Empty(store.Find(Everything with { Before = 1 }).Logs);
    }

    [Fact]
    public void Ids_OfALaterRun_AreNoneThatAPageHasOfAnEarlierOne()
    {
        var time = new FakeTimeProvider();
        var earlier = new LogStore(new TelemetryLimits(), time);
        earlier.Add([.. Enumerable.Range(0, 100).Select(_ => Log("earlier"))]);
        time.Advance(TimeSpan.FromSeconds(1));

        var later = new LogStore(new TelemetryLimits(), time);
        later.Add([Log("later")]);

        Assert.True(later.Find(Everything).Logs[0].Id > earlier.Find(Everything).Logs[0].Id);
    }

    [Fact]
    public void Find_WithFiltersAndCursor_PagesFromTheNewest()
    {
        var store = new LogStore(new TelemetryLimits(), new FakeTimeProvider());
        store.Add([Log("one", LogSeverity.Debug), Log("two", LogSeverity.Error), Log("three"), Log("four", LogSeverity.Critical, trace: 7, span: 8)]);

        var first = store.Find(Everything with { Limit = 2 });
        var second = store.Find(Everything with { Limit = 2, Before = first.Logs[^1].Id });

        Assert.Equal(["four", "three"], first.Logs.Select(log => log.Message));
        Assert.Equal(["two", "one"], second.Logs.Select(log => log.Message));
        Assert.Equal(4, second.Total);
        Assert.Equal(["four", "two"], store.Find(Everything with { Level = LogSeverity.Warning }).Logs.Select(log => log.Message));
        Assert.Equal("three", Assert.Single(store.Find(Everything with { Text = "THR" }).Logs).Message);
        Assert.Equal("four", Assert.Single(store.Find(Everything with { TraceId = 7, SpanId = 8 }).Logs).Message);
        Assert.Equal(0, store.Find(Everything with { Resource = "other" }).Total);
    }

    [Fact]
    public void Add_WithoutATime_TakesTheTimeOfArrival()
    {
        var store = new LogStore(new TelemetryLimits(), new FakeTimeProvider());

        store.Add([Log("m")]);

        Assert.Equal(1_893_456_000_000_000_000, store.Find(Everything).Logs[0].Time);
    }

    private static LogRecord Log(string message, LogSeverity level = LogSeverity.Information, ulong trace = 0, ulong span = 0, long time = 0) => new()
    {
        Time = time,
        Level = level,
        Resource = new TelemetryResource("ledger", null),
        Category = "Category",
        Message = message,
        Exception = null,
        Attributes = [],
        TraceId = trace,
        SpanId = span,
    };
}
