using System.Diagnostics;
using System.Runtime.CompilerServices;
using TenantPlatform.Hosting.Telemetry.Otlp;
using TenantPlatform.Hosting.Telemetry.Store;
using TenantPlatform.Hosting.Telemetry.Store.Traces;
using Xunit.Abstractions;

namespace TenantPlatform.Hosting.Tests.Telemetry;

/// <summary>What a full store occupies. Alone: memory is counted over the whole process.</summary>
[Collection(nameof(AloneCollection))]
public sealed class TelemetryMemoryTests(ITestOutputHelper output)
{
    private const int Batch = 500;

    [Fact]
    public void Store_OfHostileMessages_StaysWithinItsBytes()
    {
        var store = new TelemetryStore(new TelemetryLimits(), TimeProvider.System);
        var pool = new StringPool();
        var text = new string('x', 8000);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var (ofSpan, ofLog) = (Stuffing(9, text), Stuffing(6, text));
        for (ulong round = 0; round < 40; round++)
            Fill(store, pool, round, ofSpan, ofLog);

        var megabytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1024.0 / 1024.0;
        output.WriteLine($"After 400 spans and 400 logs of 0.5 MB each: {megabytes:0.0} MB");
        Assert.InRange(megabytes, 1, 70);
        GC.KeepAlive(store);
    }

    [Fact]
    public void Store_WithTenThousandSpansAndLogs_StaysWithinTensOfMegabytes()
    {
        var store = new TelemetryStore(new TelemetryLimits(), TimeProvider.System);
        var limits = new OtlpLimits();
        var pool = new StringPool();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (ulong first = 0; first < 12_000; first += Batch)
        {
            var numbers = Enumerable.Range((int)first, Batch).Select(number => (ulong)number + 1).ToArray();
            store.Add(TraceReader.Read(Messages.Request("ledger-1", "Microsoft.AspNetCore", [.. numbers.Select(TypicalTelemetry.Span)]).ToArray(), new DecodingContext(limits, pool)));
            store.Add(LogReader.Read(Messages.Request("ledger-1", "Ledger.Api.Transactions", [.. numbers.Select(TypicalTelemetry.Log)]).ToArray(), new DecodingContext(limits, pool)));
        }

        var megabytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1024.0 / 1024.0;
        output.WriteLine($"{store.Traces.Counts.Items} spans and {store.Logs.Counts.Items} logs: {megabytes:0.0} MB "
            + $"(estimated {(store.Traces.Counts.Bytes + store.Logs.Counts.Bytes) / 1024.0 / 1024.0:0.0} MB)");
        Assert.Equal((10_000, 10_000), (store.Traces.Counts.Items, store.Logs.Counts.Items));
        Assert.InRange(megabytes, 1, 40);
        var clock = Stopwatch.StartNew();
        var found = store.Traces.Find(new TraceQuery("ledger-1", "tx-that-is-not-there", OnlyErrors: false, 0, null, null, 100));
        output.WriteLine($"A text looked for in all of them: {clock.Elapsed.TotalMilliseconds:0.0} ms");
        Assert.Empty(found.Traces);
        GC.KeepAlive(store);
        GC.KeepAlive(pool);
    }

    // A frame of its own, so that no local of it is still alive when memory is counted.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fill(TelemetryStore store, StringPool pool, ulong round, byte[] ofSpan, byte[] ofLog)
    {
        var context = new DecodingContext(new OtlpLimits(), pool);
        var spans = Enumerable.Range(0, 10).Select(number => Messages.Span((round * 10) + (ulong)number + 1, 1).Append(ofSpan));
        store.Add(TraceReader.Read(Messages.Request("r", "s", [.. spans]).ToArray(), context));
        var logs = Enumerable.Range(0, 10).Select(_ => Messages.Log("stuffed").Append(ofLog));
        store.Add(LogReader.Read(Messages.Request("r", "s", [.. logs]).ToArray(), context));
    }

    private static byte[] Stuffing(int field, string text)
    {
        var attributes = new ProtoWriter();
        for (var number = 0; number < 60; number++)
            attributes.Message(field, Messages.Attribute($"key{number}", text));
        return attributes.ToArray();
    }
}
