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

    private static readonly byte[] SpanConstants = Constants(
        9, "http.request.method", "http.route", "server.address", "url.scheme", "network.protocol.version", "user_agent.original", "db.system.name", "tenant.service");

    private static readonly byte[] LogConstants = Constants(6, "{OriginalFormat}", "EndpointName", "ConnectionId", "RequestPath");

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
            store.Add(TraceReader.Read(Messages.Request("ledger-1", "Microsoft.AspNetCore", [.. numbers.Select(Span)]).ToArray(), new DecodingContext(limits, pool)));
            store.Add(LogReader.Read(Messages.Request("ledger-1", "Ledger.Api.Transactions", [.. numbers.Select(Log)]).ToArray(), new DecodingContext(limits, pool)));
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

    // As ASP.NET Core's server spans: a dozen attributes, some of them new each time.
    private static ProtoWriter Span(ulong number)
    {
        var span = Messages.Span(((number - 1) / 5) + 1, number, ((number - 1) / 5 * 5) + 1, "POST /v1/organizations/{organization}/ledgers/{ledger}/transactions");
        span.Append(SpanConstants);
        span.Message(9, Messages.Attribute("url.path", $"/v1/organizations/0199-{number:x12}/ledgers/0199-{number:x12}/transactions/json"));
        span.Message(9, Messages.Attribute("http.response.status_code", new ProtoWriter().Varint(3, 200)));
        span.Message(9, Messages.Attribute("server.port", new ProtoWriter().Varint(3, 40_000 + (number % 5))));
        return span;
    }

    private static ProtoWriter Log(ulong number)
    {
        var log = Messages.Log($"Executed endpoint 'HTTP: POST /v1/organizations/{number:x12}/ledgers/{number:x12}/transactions' in {number} ms");
        log.Append(LogConstants).Message(6, Messages.Attribute("RequestId", $"0HN{number:x10}:00000001"));
        return log.Bytes(9, Messages.Id(0, number)).Bytes(10, Messages.Id(number));
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

    private static byte[] Constants(int field, params string[] keys)
    {
        var attributes = new ProtoWriter();
        foreach (var key in keys)
            attributes.Message(field, Messages.Attribute(key, $"value of {key}"));
        return attributes.ToArray();
    }
}
