using TenantPlatform.Hosting.Telemetry.Store;
using TenantPlatform.Hosting.Telemetry.Store.Traces;

namespace TenantPlatform.Hosting.Tests.Telemetry;

public sealed class TraceStoreTests
{
    private static readonly TraceQuery Everything = new(null, null, OnlyErrors: false, 0, null, null, 100);

    [Fact]
    public void Add_BeyondTheLimit_EvictsTheOldestTraces()
    {
        var store = new TraceStore(new TelemetryLimits { MaxSpans = 10 });

        for (ulong trace = 1; trace <= 8; trace++)
            store.Add([Span(trace, 1), Span(trace, 2)]);

        Assert.Equal(5, store.TraceCount);
        Assert.Equal(10, store.Counts.Items);
        Assert.Equal(6, store.Counts.Evicted);
        Assert.Null(store.TryGet(3));
        Assert.NotNull(store.TryGet(4));
    }

    [Fact]
    public void Add_OfLargeSpans_IsBoundedInBytes()
    {
        var store = new TraceStore(new TelemetryLimits { MaxSpanBytes = 100_000 });

        for (ulong trace = 1; trace <= 100; trace++)
            store.Add([Span(trace, 1, attribute: new string('x', 2500))]);

        Assert.InRange(store.Counts.Bytes, 50_000, 100_000);
        Assert.InRange(store.TraceCount, 10, 20);
    }

    [Fact]
    public void Add_OfRepeatedOrTooManySpansOfATrace_DropsThem()
    {
        var store = new TraceStore(new TelemetryLimits { MaxSpansPerTrace = 3 });

        store.Add([Span(1, 1), Span(1, 1), Span(1, 2), Span(1, 3), Span(1, 4)]);

        Assert.Equal(3, store.TryGet(1)!.Spans.Count);
        Assert.Equal(2, store.Counts.Dropped);
    }

    [Fact]
    public void Summary_OfSpansInAnyOrder_HasRootDurationAndError()
    {
        var store = new TraceStore(new TelemetryLimits());

        store.Add([Span(1, 3, parent: 2, start: 15, duration: 2, status: SpanStatus.Error), Span(1, 2, parent: 1, start: 12, duration: 20)]);
        var before = store.TryGet(1)!;
        store.Add([Span(1, 1, start: 13, duration: 4)]);
        var after = store.TryGet(1)!;

        Assert.Equal(2ul, before.Root.SpanId);
        Assert.Equal(2, before.Spans.Count);
        Assert.Equal(1ul, after.Root.SpanId);
        Assert.Equal((12L, 20L, true, 3), (after.Start, after.Duration, after.HasError, after.Spans.Count));
    }

    [Fact]
    public void Find_WithFiltersAndCursor_PagesFromTheLatest()
    {
        var store = new TraceStore(new TelemetryLimits());
        for (ulong trace = 1; trace <= 6; trace++)
            store.Add([Span(trace, 1, start: (long)trace * 1000, duration: (long)trace * 100, status: trace == 4 ? SpanStatus.Error : SpanStatus.Unset)]);

        var first = store.Find(Everything with { Limit = 2 });
        var second = store.Find(Everything with { Limit = 2, BeforeId = first.Traces[^1].TraceId });

        Assert.Equal([6, 5], first.Traces.Select(trace => (int)trace.TraceId));
        Assert.Equal([4, 3], second.Traces.Select(trace => (int)trace.TraceId));
        Assert.Equal(6, second.Total);
        Assert.Equal([2, 1], store.Find(Everything with { BeforeStart = 3000 }).Traces.Select(trace => (int)trace.TraceId));
        Assert.Equal(4, (int)Assert.Single(store.Find(Everything with { OnlyErrors = true }).Traces).TraceId);
        Assert.Equal(2, store.Find(Everything with { MinDuration = 500 }).Total);
        Assert.Empty(store.Find(Everything with { Resource = "other" }).Traces);
        Assert.Empty(store.Find(Everything with { BeforeId = 99 }).Traces);
    }

    [Fact]
    public void Tree_OfACircleAndALostParent_HasEverySpanOnce()
    {
        SpanRecord[] spans = [Span(1, 1, parent: 2, start: 5), Span(1, 2, parent: 1, start: 6), Span(1, 3, parent: 99, start: 7), Span(1, 4, parent: 3, start: 1)];

        Assert.Equal([3ul, 4, 1, 2], SpanTree.Order(spans).Select(span => span.SpanId));
    }

    [Fact]
    public async Task Store_UnderConcurrentReadersAndWriters_StaysWhole()
    {
        var store = new TraceStore(new TelemetryLimits { MaxSpans = 200 });
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            for (ulong number = 1; number <= 2000; number++)
                store.Add([Span((number / 10) + 1, ((ulong)writer << 32) + number)]);
        })).ToArray();

        do
        {
            foreach (var trace in store.Find(Everything).Traces)
                Assert.Equal(trace.Spans.Count, trace.Spans.Count(span => span.TraceId == trace.TraceId));
        }
        while (!Task.WhenAll(writers).IsCompleted);

        await Task.WhenAll(writers);
        Assert.InRange(store.Counts.Items, 1, 200);
        Assert.Equal(store.Counts.Items, store.Find(Everything with { Limit = 1000 }).Traces.Sum(trace => trace.Spans.Count));
    }

    private static SpanRecord Span(
        ulong trace, ulong id, ulong parent = 0, long start = 1, long duration = 1, SpanStatus status = SpanStatus.Unset, string attribute = "") => new()
        {
            TraceId = trace,
            SpanId = id,
            ParentId = parent,
            Name = "work",
            Kind = SpanKind.Server,
            Status = status,
            StatusMessage = null,
            Start = start,
            Duration = duration,
            Resource = new TelemetryResource("ledger", null),
            Scope = "scope",
            Attributes = [new TelemetryAttribute("text", attribute)],
            Events = [],
        };
}
